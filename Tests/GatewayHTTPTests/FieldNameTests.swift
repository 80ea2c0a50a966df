import Testing

@testable import GatewayHTTP

@Suite("Received fields and their names")
struct FieldNameTests {
    private func known(_ name: String) -> FieldName {
        Array(name.utf8).withUnsafeBufferPointer { FieldName.known($0) }
    }

    @Test(
        "the names that the gateway acts on are told by their bytes",
        arguments: [
            (":method", FieldName.method), (":path", .path), (":status", .status),
            ("content-type", .contentType), ("content-length", .contentLength), ("prefer", .prefer),
            ("x-request-id", .xRequestID), ("request-id", .requestID),
            ("x-correlation-id", .xCorrelationID), ("te", .te), ("www-authenticate", .wwwAuthenticate),
            ("retry-after", .retryAfter), ("accept-encoding", .acceptEncoding),
        ])
    func known(name: String, expected: FieldName) {
        #expect(self.known(name) == expected)
    }

    @Test(
        "in HTTP/1.1 a name is known in any case, and no control data is a field",
        arguments: [
            ("Content-Type", FieldName.contentType), ("X-REQUEST-ID", .xRequestID), ("te", .te), (":path", .other),
            ("", .other), ("Content_Type", .other), ("X-Correlation-Identifier", .other),
        ])
    func anyCase(name: String, expected: FieldName) {
        let found = Array(name.utf8).withUnsafeBufferPointer { FieldName.known(inAnyCase: $0) }
        #expect(found == expected)
    }

    @Test(
        "all others are other, however near they come",
        arguments: ["", "x", "content-typf", "Content-Type", "content-type ", "a-name-longer-than-any-that-we-know"])
    func other(name: String) {
        #expect(self.known(name) == .other)
    }

    @Test(
        "a status is three digits or none",
        arguments: [
            ("200", 200), ("099", 99), ("599", 599), ("2000", nil), ("20", nil), ("20x", nil), ("+20", nil),
        ] as [(String, Int?)])
    func status(text: String, expected: Int?) {
        let store = FieldStore()
        for (name, value) in [(":status", text)] {
            Array(name.utf8).withUnsafeBufferPointer { name in
                Array(value.utf8).withUnsafeBufferPointer { value in
                    #expect(store.append(.known(name), name: name, value: value))
                }
            }
        }
        let fields = ReceivedFields(store: store, entries: 0..<1)
        #expect(fields.status == expected)
        #expect(fields.string(.status) == text)
        #expect(fields.first(.path) == nil)
    }
}
