// swift-tools-version: 6.2
import PackageDescription

// The direction of every dependency is part of the design: see ARCHITECTURE.md. Leaves never import each other,
// only GatewayHTTP2 sees libnghttp2, only GatewayTLS and GatewayIdentity see OpenSSL.

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// An import is an implementation detail unless it says otherwise.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Whether an access is exclusive is checked at compile time, and at run time in every debug build and so in all
    // tests; the release spends a tenth of its time on it otherwise.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let package = Package(
    name: "product-gateway",
    products: [
        .executable(name: "product-gateway", targets: ["product-gateway"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        // Its pkg-config file has a flag that the package manager warns of, and nothing that is needed.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .systemLibrary(name: "CMalloc"),
        .target(name: "CTextScan"),
        .target(name: "CDialects"),

        .target(name: "GatewayJSON", dependencies: ["CTextScan"]),
        .target(name: "GatewayHTTP"),
        .target(name: "GatewayDocuments", dependencies: ["GatewayJSON"]),
        .target(
            name: "GatewayTranslation", dependencies: ["CDialects", "GatewayDocuments", "GatewayHTTP", "GatewayJSON"]),
        .target(name: "GatewayConfiguration", dependencies: ["GatewayDocuments", "GatewayHTTP", "GatewayJSON"]),
        .target(name: "GatewayMetrics"),
        .target(name: "GatewayThreads"),
        .target(name: "GatewayIdentity", dependencies: ["COpenSSL", "GatewayJSON"]),
        .target(name: "GatewayStore", dependencies: ["CSQLite", "GatewayThreads"]),
        .target(name: "GatewayHTTP2", dependencies: ["CNghttp2", "GatewayHTTP", nioCore]),
        .target(name: "GatewayTLS", dependencies: ["COpenSSL", nioCore]),
        .target(
            name: "GatewayRedis", dependencies: ["CHiredis", "GatewayStore", "GatewayTLS", nioCore, nioPosix]),
        .target(
            name: "GatewayTracing",
            dependencies: ["CZlib", "GatewayHTTP", "GatewayJSON", "GatewayThreads", "GatewayTLS", nioCore]),
        .target(
            name: "GatewaySandbox",
            dependencies: ["CDialects", "GatewayHTTP", "GatewayHTTP2", "GatewayTLS", nioCore, nioPosix]
        ),
        .target(
            name: "GatewayProxy",
            dependencies: [
                "CMalloc", "GatewayConfiguration", "GatewayDocuments", "GatewayHTTP", "GatewayHTTP2", "GatewayIdentity",
                "GatewayJSON", "GatewayMetrics", "GatewayRedis", "GatewayStore", "GatewayThreads", "GatewayTLS",
                "GatewayTracing", "GatewayTranslation", nioCore, nioPosix, nioHTTP1, logging,
            ]
        ),
        .target(
            name: "GatewayPush",
            dependencies: ["GatewayHTTP", "GatewayHTTP2", "GatewayJSON", "GatewayTLS", nioCore, nioPosix]
        ),
        .executableTarget(
            name: "product-gateway",
            dependencies: [
                "GatewayPush",
                "GatewayConfiguration", "GatewayDocuments", "GatewayHTTP", "GatewayIdentity", "GatewayJSON",
                "GatewayProxy", "GatewaySandbox", "GatewayStore", "GatewayTLS", "GatewayTranslation", argumentParser,
                logging, nioPosix, nioCore,
            ]
        ),

        .testTarget(name: "GatewayJSONTests", dependencies: ["GatewayJSON"]),
        .testTarget(name: "GatewayDocumentsTests", dependencies: ["GatewayDocuments", "GatewayJSON"]),
        .testTarget(
            name: "GatewayTranslationTests", dependencies: ["GatewayDocuments", "GatewayJSON", "GatewayTranslation"],
            exclude: ["Cases"]),
        .testTarget(
            name: "GatewayConfigurationTests",
            dependencies: ["GatewayConfiguration", "GatewayDocuments", "GatewayJSON"]),
        .testTarget(name: "GatewayMetricsTests", dependencies: ["GatewayMetrics"]),
        .testTarget(
            name: "GatewayIdentityTests", dependencies: ["COpenSSL", "GatewayIdentity", "GatewayJSON"],
            exclude: ["Vectors"]),
        .testTarget(
            name: "GatewayStoreTests",
            dependencies: ["GatewayRedis", "GatewayStore", "GatewayTLS", nioCore, nioPosix]),
        .testTarget(name: "GatewayHTTPTests", dependencies: ["GatewayHTTP"]),
        .testTarget(name: "GatewayHTTP2Tests", dependencies: ["GatewayHTTP", "GatewayHTTP2", nioCore]),
        .testTarget(
            name: "GatewayTracingTests", dependencies: ["GatewayTracing", "GatewayJSON", "GatewayTLS"]),
        .testTarget(name: "GatewayTLSTests", dependencies: ["GatewayTLS", nioCore, nioEmbedded]),
        .testTarget(
            name: "GatewayProxyTests",
            dependencies: [
                "GatewayProxy", "GatewayConfiguration", "GatewayDocuments", "GatewayHTTP", "GatewayHTTP2",
                "GatewayIdentity", "GatewayJSON", "GatewayMetrics", "GatewayStore", "GatewayTLS", "GatewayTracing",
                "GatewayTranslation",
                nioCore, nioPosix, nioHTTP1, nioEmbedded, logging,
            ]),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "GatewaySandboxTests",
            dependencies: ["GatewaySandbox", "GatewayHTTP2", "GatewayTLS", nioCore, nioPosix]),
        .testTarget(name: "GatewayPushTests", dependencies: ["GatewayPush", "GatewayJSON"]),
        .testTarget(name: "ProductGatewayTests", dependencies: ["product-gateway"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
