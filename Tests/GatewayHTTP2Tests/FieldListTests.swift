import GatewayHTTP
import Testing

@testable import GatewayHTTP2

@Suite("Fields to send")
struct FieldListTests {
    /// What a server is told when a client sends `list`.
    private func received(_ list: HTTP2FieldList) throws -> [FieldText] {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitRequest(fields: list, body: [])
        try pair.talk()
        guard case .message(_, let fields, _) = pair.server.happenings.first else { return [] }
        return Array(fields.dropFirst(4))
    }

    @Test("CR, LF and NUL are dropped from values, in every way to append one")
    func controlCharacters() throws {
        let evil = "a\r\nx-smuggled: 1\u{0}b"
        let list = HTTP2FieldList.request()
        list.append("a", evil)
        list.append("b", Array(evil.utf8))
        list.append("c", Array(evil.utf8), isSensitive: true)
        list.append(name: "d", value: evil)
        let value = "ax-smuggled: 1b"
        #expect(
            try self.received(list) == [
                FieldText("a", value), FieldText("b", value), FieldText("c", value),
                FieldText("d", value),
            ])
    }

    @Test("bytes that no name may have are dropped from a name that comes at run time")
    func names() throws {
        let list = HTTP2FieldList.request()
        list.append(name: "x-a\r\n b\u{0}é", value: "1")
        #expect(try self.received(list) == [FieldText("x-ab", "1")])
    }

    @Test("empty values, numbers and long values arrive as they are")
    func values() throws {
        let long = String(repeating: "v", count: 8_000)
        let list = HTTP2FieldList.request()
        list.append("empty", "")
        list.append("number", decimal: 12_345)
        list.append("long", long)
        list.append(name: "empty-too", value: "")
        #expect(
            try self.received(list) == [
                FieldText("empty", ""), FieldText("number", "12345"), FieldText("long", long),
                FieldText("empty-too", ""),
            ])
    }

    @Test("a list is used again and holds nothing of the time before")
    func reuse() throws {
        let list = HTTP2FieldList.request("PUT", path: "/long/path", ["x-first": "1"])
        list.removeAll()
        list.append(":method", "GET")
        list.append(":scheme", "https")
        list.append(":authority", "a")
        list.append(":path", "/")
        list.append("x-second", "2")
        #expect(try self.received(list) == [FieldText("x-second", "2")])
    }

    @Test("a sensitive value is never put into the peer's table")
    func sensitive() throws {
        let client = try SessionPeer(.client)
        _ = try client.output()
        func block() throws -> [UInt8] {
            let list = HTTP2FieldList.request()
            list.append("authorization", "Bearer secret", isSensitive: true)
            _ = try client.session.submitRequest(fields: list, body: [])
            return try #require(RawFrame.read(try client.output()).first).payload
        }
        let first = try block()
        let second = try block()
        // The other fields shrink to an index each; the secret is written out again, as never indexed (RFC 7541
        // section 6.2.3: 0001 in front of the index of its name).
        #expect(first.count > second.count)
        #expect(second.contains { $0 & 0xF0 == 0x10 })
        #expect(second.count > 10)
    }
}
