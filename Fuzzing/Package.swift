// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the sanitizer's flags must never reach the product. The sources are links, because the
// product's modules offer their API to their own package only.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]
let linked: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer,address"])]

let package = Package(
    name: "product-gateway-fuzzing",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0")
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .target(name: "CTextScan", cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
        .target(name: "CDialects", cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
        .target(name: "GatewayJSON", dependencies: ["CTextScan"], swiftSettings: settings),
        .target(name: "GatewayDocuments", dependencies: ["GatewayJSON"], swiftSettings: settings),
        .target(name: "GatewayHTTP", swiftSettings: settings),
        .target(
            name: "GatewayTranslation",
            dependencies: ["CDialects", "GatewayDocuments", "GatewayHTTP", "GatewayJSON"],
            swiftSettings: settings),
        .target(
            name: "GatewayHTTP2",
            dependencies: ["CNghttp2", "GatewayHTTP", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .executableTarget(
            name: "FuzzTranslation", dependencies: ["GatewayDocuments", "GatewayJSON", "GatewayTranslation"],
            swiftSettings: settings, linkerSettings: linked),
        .target(name: "GatewayIdentity", dependencies: ["COpenSSL", "GatewayJSON"], swiftSettings: settings),
        .executableTarget(
            name: "FuzzIdentity", dependencies: ["GatewayIdentity"], swiftSettings: settings, linkerSettings: linked),
        .executableTarget(
            name: "FuzzHTTP2",
            dependencies: ["GatewayHTTP", "GatewayHTTP2", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings, linkerSettings: linked),
    ],
    swiftLanguageModes: [.v6]
)
