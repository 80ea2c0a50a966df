import Testing

@Suite("Who somebody is")
struct ExactTextTests {
    /// Where texts that others choose decide who somebody is.
    private static let places = [
        "Sources/GatewayIdentity/", "Sources/GatewayProxy/Callers/", "Sources/GatewayProxy/Issuers/",
    ]

    /// What stands in a configuration, and is plain ASCII.
    private static let exceptions = [
        // Names of targets.
        "Sources/GatewayProxy/Callers/CallerAccess.swift"
    ]

    @Test("is decided by bytes: Swift takes two strings for one where Unicode does")
    func bytes() {
        for file in SourceFile.all
        where Self.places.contains(where: { file.path.hasPrefix($0) }) && !Self.exceptions.contains(file.path) {
            for line in file.codeLines(where: Self.comparesStrings) {
                Issue.record("\(file.path):\(line) compares or looks up a String: use ExactText, which compares bytes")
            }
        }
    }

    private static func comparesStrings(_ code: String) -> Bool {
        ["[String:", "Set<String>", ".string ==", ".string !=", "?.string,", "(rawValue: "].contains {
            code.contains($0)
        }
    }

    @Test(
        "what compares strings is found",
        arguments: [
            ("let found: [String: Int] = [:]", true), ("if node.string == value {", true),
            ("let names: Set<String>", true), ("Kind(rawValue: name)", true), ("if node.exactText == value {", false),
        ])
    func isFound(code: String, isFound: Bool) { #expect(Self.comparesStrings(code) == isFound) }
}
