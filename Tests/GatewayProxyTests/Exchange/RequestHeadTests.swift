import GatewayHTTP
import Testing

@testable import GatewayProxy

@Suite("What a request's fields say")
struct RequestHeadTests {
    private static func head(_ fields: KeyValuePairs<String, String>) -> RequestHead {
        let store = FieldStore()
        for (name, value) in fields {
            Array(name.utf8).withUnsafeBufferPointer { name in
                Array(value.utf8).withUnsafeBufferPointer { value in
                    #expect(store.append(.known(name), name: name, value: value))
                }
            }
        }
        return RequestHead(ReceivedFields(store: store, entries: 0..<store.entryCount))
    }

    @Test(
        "methods are told apart, and case matters",
        arguments: [
            ("PATCH", RequestHead.Method.patch), ("PUT", .put), ("POST", .post), ("GET", .get),
            ("HEAD", .head), ("OPTIONS", .options), ("DELETE", .other), ("put", .other), ("", .other),
        ])
    func methods(text: String, expected: RequestHead.Method) {
        let head = Self.head([":method": text])
        #expect(head.method == expected)
        #expect(head.methodText == (expected == .other ? text : ""))
    }

    @Test("a request that says nothing accepts JSON, has no body type and no preferences")
    func empty() {
        let head = Self.head([":method": "PUT", ":path": "/a?b"])
        #expect(head.acceptsJSON)
        #expect(head.bodyType == .absent)
        #expect(head.contentLength == nil)
        #expect(head.contentEncoding == nil)
        #expect(head.preferences == Preferences())
        #expect(!head.expectsContinue)
        #expect(head.requestID == nil)
    }

    @Test("lengths that no integer holds are just too large")
    func contentLength() {
        #expect(Self.head(["content-length": "42"]).contentLength == 42)
        #expect(Self.head(["content-length": "99999999999999999999"]).contentLength == .max)
    }

    @Test("identity is no content coding, everything else is one that we do not undo")
    func contentEncoding() {
        #expect(Self.head(["content-encoding": "Identity"]).contentEncoding == nil)
        #expect(Self.head(["content-encoding": "gzip"]).contentEncoding == "gzip")
    }

    @Test("a request id of the caller's is taken if it is a harmless one")
    func requestID() {
        #expect(Self.head(["x-request-id": "abc"]).requestID?.string == "abc")
        #expect(Self.head(["x-request-id": "a b"]).requestID == nil)
    }

    @Test("several accept fields are one list")
    func acceptLines() {
        #expect(Self.head(["accept": "application/json", "accept": "text/html"]).acceptsJSON)
        #expect(Self.head(["accept": "text/html", "accept": "application/json"]).acceptsJSON)
        #expect(!Self.head(["accept": "text/html", "accept": "text/plain"]).acceptsJSON)
    }

    @Test("expect is understood in any case")
    func expect() {
        #expect(Self.head(["expect": "100-Continue"]).expectsContinue)
        #expect(!Self.head(["expect": "200-maybe"]).expectsContinue)
    }

    @Test("a body that is no JSON is told as it came")
    func bodyType() {
        #expect(Self.head(["content-type": "application/JSON"]).bodyType == .json)
        #expect(Self.head(["content-type": "Text/Plain; x"]).bodyType == .other("Text/Plain; x"))
    }
}

@Suite("What a caller prefers")
struct PreferencesTests {
    private static func read(_ values: String...) -> Preferences {
        var preferences = Preferences()
        for value in values {
            Array(value.utf8).withUnsafeBufferPointer { preferences.read($0) }
        }
        return preferences
    }

    @Test(
        "known preferences are read, in lists, in any case, quoted or with parameters",
        arguments: [
            ("handling=lenient", "handling=lenient"), ("handling=strict", "handling=strict"),
            ("return=minimal", "return=minimal"), ("Handling=Lenient", "handling=lenient"),
            ("respond-async, return=minimal , handling=\"lenient\"", "handling=lenient, return=minimal"),
            ("handling=lenient;foo=bar", "handling=lenient"), ("return=representation", nil),
            ("wait=10", "wait=10"), ("wait=0, wait=7", "wait=0"), ("wait=99999999", "wait=86400"),
            ("wait=-1", nil), ("wait=x", nil), ("wait", nil), ("wait=99999999999999999999", nil),
            ("", nil), (",,", nil), ("handling", nil), ("handling=", nil), ("=", nil),
        ] as [(String, String?)])
    func known(text: String, applied: String?) {
        #expect(Self.read(text).applied == applied)
    }

    @Test("the first of two contradictions counts, within a field and across fields")
    func contradictions() {
        #expect(Self.read("handling=strict, handling=lenient").handling == .strict)
        #expect(Self.read("handling=lenient", "handling=strict").handling == .lenient)
        #expect(!Self.read("return=representation, return=minimal").isMinimal)
        #expect(Self.read("return=minimal", "return=representation").isMinimal)
    }
}
