import GatewayDocuments
import Testing

@Suite("Did you mean")
struct SuggestionTests {
    private static let keys = [
        "baseURL", "defaultTarget", "drainTimeout", "workers", "targets", "certificate", "privateKey", "sku", "name",
        "shortDescription", "requestBody",
    ]

    @Test(
        "another style, and up to a third of the letters, is a typing mistake",
        arguments: [
            ("base_url", "baseURL"), ("BASE-URL", "baseURL"), ("default target", "defaultTarget"),
            ("wrokers", "workers"), ("target", "targets"), ("privatKye", "privateKey"), ("skuu", "sku"),
            ("nmae", "name"), ("certificateFile", "certificate"), ("shortDescr1pti0n", "shortDescription"),
            ("request_body_max", "requestBody"),
        ])
    func meant(written: String, meant: String) {
        #expect(Suggestion.closest(to: written, among: Self.keys) == meant)
    }

    @Test(
        "more is another word",
        arguments: ["", "_", "colour", "sk1x", "port", "namely yours", "xx", "targetsAndSoMuchMore"])
    func other(written: String) {
        #expect(Suggestion.closest(to: written, among: Self.keys) == nil)
    }

    @Test("the nearest is taken, of equals the first")
    func nearest() {
        #expect(Suggestion.closest(to: "abcd", among: ["abxx", "abcx", "abcy"]) == "abcx")
    }

    @Test("long names get none, and none is out of bounds")
    func long() {
        let name = String(repeating: "a", count: 64)
        #expect(Suggestion.closest(to: name, among: [name + "a", String(name.dropLast())]) == String(name.dropLast()))
        #expect(Suggestion.closest(to: name + "a", among: [name]) == nil)
        for length in 1...64 {
            let short = String(repeating: "b", count: length)
            #expect(Suggestion.closest(to: name, among: [short]) == nil)
            #expect(Suggestion.closest(to: short, among: [short + "x"]) == (length < 64 ? short + "x" : nil))
        }
    }
}
