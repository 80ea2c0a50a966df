// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the sanitizer's flags must never reach the product. The sources are links, because the
// product's modules offer their API to their own package only.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"), .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

let package = Package(
    name: "product-gateway-fuzzing",
    targets: [
        .target(name: "GatewayJSON", swiftSettings: settings),
        .target(name: "GatewayTranslation", dependencies: ["GatewayJSON"], swiftSettings: settings),
        .executableTarget(
            name: "FuzzTranslation", dependencies: ["GatewayJSON", "GatewayTranslation"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
    ],
    swiftLanguageModes: [.v6]
)
