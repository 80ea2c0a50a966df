// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what only benchmarks need never reaches the product. The sources are links, because the
// product's modules offer their API to their own package only.

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    // As the product is built: see ../Package.swift.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let package = Package(
    name: "product-gateway-benchmarks",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
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
        .target(name: "GatewayJSON", dependencies: ["CTextScan"], swiftSettings: settings),
        .target(name: "GatewayDocuments", dependencies: ["GatewayJSON"], swiftSettings: settings),
        .target(name: "GatewayHTTP", swiftSettings: settings),
        .target(
            name: "GatewayTranslation",
            dependencies: ["CDialects", "GatewayDocuments", "GatewayHTTP", "GatewayJSON"],
            swiftSettings: settings),
        .target(
            name: "GatewayConfiguration", dependencies: ["GatewayDocuments", "GatewayHTTP", "GatewayJSON"],
            swiftSettings: settings),
        .target(name: "GatewayIdentity", dependencies: ["COpenSSL", "GatewayJSON"], swiftSettings: settings),
        .target(name: "GatewayMetrics", swiftSettings: settings),
        .target(name: "GatewayThreads", swiftSettings: settings),
        .target(name: "GatewayStore", dependencies: ["CSQLite", "GatewayThreads"], swiftSettings: settings),
        .target(name: "GatewayHTTP2", dependencies: ["CNghttp2", "GatewayHTTP", nioCore], swiftSettings: settings),
        .target(name: "GatewayTLS", dependencies: ["COpenSSL", nioCore], swiftSettings: settings),
        .target(
            name: "GatewayRedis", dependencies: ["CHiredis", "GatewayStore", "GatewayTLS", nioCore, nioPosix],
            swiftSettings: settings),
        .target(
            name: "GatewayTracing",
            dependencies: ["CZlib", "GatewayHTTP", "GatewayJSON", "GatewayThreads", "GatewayTLS", nioCore],
            swiftSettings: settings),
        .target(
            name: "GatewayProxy",
            dependencies: [
                "CMalloc", "GatewayConfiguration", "GatewayDocuments", "GatewayHTTP", "GatewayHTTP2", "GatewayIdentity",
                "GatewayJSON", "GatewayMetrics", "GatewayRedis", "GatewayStore", "GatewayThreads", "GatewayTLS",
                "GatewayTracing", "GatewayTranslation",
                nioCore, nioPosix, nioHTTP1,
                logging,
            ],
            swiftSettings: settings),
        .target(name: "CBenchmarkCounts"),
        .target(name: "BenchmarkBodies", swiftSettings: settings),
        .executableTarget(
            name: "TranslationBenchmark",
            dependencies: ["BenchmarkBodies", "CBenchmarkCounts", "GatewayJSON", "GatewayTranslation"],
            swiftSettings: settings),
        .executableTarget(
            name: "ExchangeBenchmark",
            dependencies: [
                "BenchmarkBodies", "CBenchmarkCounts", "GatewayConfiguration", "GatewayHTTP", "GatewayHTTP2",
                "GatewayIdentity", "GatewayProxy", "GatewayTLS", "GatewayTranslation", nioCore, nioPosix, logging,
            ],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
