import GatewayHTTP
import Testing

@Suite("Media types")
struct MediaTypeTests {
    private static func bytes<Value>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        Array(text.utf8).withUnsafeBufferPointer(body)
    }

    @Test(
        "JSON and merge patches in UTF-8 are bodies that we take",
        arguments: [
            "application/json", "application/merge-patch+json", "Application/JSON",
            "application/json;charset=utf-8", "application/json ; charset=\"UTF-8\"", "application/json;",
            "application/json; v=1; charset=utf8", "application/merge-patch+json; charset=us-ascii",
        ])
    func bodyTypes(text: String) {
        #expect(Self.bytes(text) { MediaType.isJSON($0) })
    }

    @Test(
        "everything else is another type",
        arguments: [
            "", "text/plain", "application/xml", "application/json-patch+json", "application/json,application/json",
            "application/json;charset=latin1", "application/jsonx", "json", "multipart/form-data; boundary=x",
        ])
    func otherBodyTypes(text: String) {
        #expect(!Self.bytes(text) { MediaType.isJSON($0) })
    }

    @Test(
        "whether JSON will do is read as RFC 9110 says: the most specific range decides",
        arguments: [
            ("*/*", true), ("application/json", true), ("application/*", true), ("", true), ("  ", true),
            ("APPLICATION/JSON", true), ("text/html, application/json;q=0.5", true), ("text/html,*/*;q=0.1", true),
            ("text/html", false), ("application/xml", false), ("application/json;q=0", false),
            ("application/json;q=0, */*", false), ("*/*, application/json;q=0.0", false),
            ("application/*;q=0, application/json", true), ("application/json; q=0", false), (",,,", false),
        ])
    func accepts(text: String, expected: Bool) {
        #expect(Self.bytes(text) { MediaType.acceptsJSON($0) } == expected)
    }
}
