// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what only benchmarks need never reaches the product. The sources are links, because the
// product's modules offer their API to their own package only.

let settings: [SwiftSetting] = [.enableUpcomingFeature("InternalImportsByDefault")]

let package = Package(
    name: "product-gateway-benchmarks",
    targets: [
        .target(name: "GatewayJSON", swiftSettings: settings),
        .target(name: "GatewayTranslation", dependencies: ["GatewayJSON"], swiftSettings: settings),
        .target(name: "CAllocationCount"),
        .executableTarget(
            name: "TranslationBenchmark", dependencies: ["GatewayJSON", "GatewayTranslation", "CAllocationCount"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
