import Testing

@testable import GatewayTranslation

@Suite("What can be the id of a product")
struct ProductIDTests {
    private static func mistake(_ id: String) -> String? {
        let mistake = ProductID.mistake(in: Array(id.utf8))
        #expect(ProductID(Array(id.utf8)).mistake == mistake, "both ways to ask agree")
        return mistake
    }

    @Test(
        "no step leads out of the segment, however it is spelled",
        arguments: [
            ".", "..", "../admin", "a/..", "a/../b", "a/./b", "./a", "..\\admin", "a\\..\\b", "/..", "../", "a/..\\b",
            "%2e%2e", "%2E%2e/admin", "..%2Fadmin", "..%2fadmin", "..%5cadmin", "%2e./a", ".%2e%2fa",
            "%252e%252e%252fa",
            "%25252e%25252e/a", "..;/admin", "..;x=1/admin", "a/..;", "%2e%2e%3b/a", "%%32%65./a",
        ])
    func steps(id: String) {
        #expect(Self.mistake(id) == "has a step that is \".\" or \"..\"")
    }

    @Test(
        "dots, slashes and percent signs are no mistake by themselves",
        arguments: [
            "...", "a..b", "..a", "a..", ".a", "a.", "1.0", "a/b", "a\\b", "/a", "a/", "//", "a/.../b", "50%",
            "%2e%2e%2e",
            "%zz", "a%2fb", "é/ü", "PRD-1234-1234", "60afe403-a191-455e-b771-c510c928a308", "a;b", ";", "a b",
        ])
    func fine(id: String) { #expect(Self.mistake(id) == nil) }

    @Test(
        "control characters are named as what they are",
        arguments: ["\u{0}", "a\nb", "a\r", "\u{7F}", "../\t", "a\u{80}", "\u{9F}"])
    func controls(id: String) { #expect(Self.mistake(id) == "contains a control character") }

    @Test("nothing, too much, and what is no text")
    func others() {
        #expect(Self.mistake("") == "is empty")
        #expect(Self.mistake(String(repeating: "a", count: 1024)) == nil)
        #expect(Self.mistake(String(repeating: "a", count: 1025)) == "is longer than 1024 bytes")
        #expect(ProductID.mistake(in: [0xFF]) == "is not valid UTF-8")
    }

    @Test("the longest chain of encodings is decoded in one pass")
    func chain() {
        let chain = "%" + String(repeating: "25", count: 508) + "2e."
        #expect(Self.mistake(chain) == "has a step that is \".\" or \"..\"")
    }
}
