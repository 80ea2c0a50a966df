import Testing

@testable import GatewayProxy

@Suite("The state of other tracing systems")
struct TraceStateTests {
    private static func checked(_ list: String) -> String {
        String(decoding: TraceState.checked(Array(list.utf8)), as: UTF8.self)
    }

    /// Every character that a key may have, and every one that a value may have.
    private static let key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/"
    private static let value = String(
        decoding: (0x20...0x7E).filter { $0 != 0x2C && $0 != 0x3D }.map(UInt8.init), as: UTF8.self)

    @Test(
        "is passed on as it came, in its order",
        arguments: [
            "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "foo=1", "foo=1,bar=2,rojo=1,congo=2,baz=3",
            "\(key)=\(value)", "\(key)@a-z0-9_-*/=\(value)", "fw529a3039@dt=FfhkdRgQ", "0a=1", "1=2", "foo= 1",
            "foo@=1,bar=2", "foo@bar@baz=1",
        ])
    func kept(list: String) {
        #expect(Self.checked(list) == list)
    }

    @Test(
        "loses white space around entries and empty entries",
        arguments: [
            ("foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"), ("\t foo=1 \t", "foo=1"), ("", ""), (",", ""),
            (" , ,\t", ""), ("foo=1,,,bar=2,", "foo=1,bar=2"), (",foo=1", "foo=1"),
        ])
    func trimmed(list: String, expected: String) {
        #expect(Self.checked(list) == expected)
    }

    @Test(
        "is dropped as a whole where it breaks a rule",
        arguments: [
            "foo", "foo,bar=1", "foo=", "foo=,bar=3", "=1", "foo=bar=baz", "foo =1", "FOO=1", "foo.bar=1",
            "@foo=1,bar=2",
            "_foo=1", "foo=1,foo=1", "foo=1,bar=2,foo=3", "foo=1\u{7f}", "foo=\u{e9}", "fo\u{e9}=1", "foo=1\t2",
            String(repeating: "z", count: 257) + "=1", "foo=" + String(repeating: "z", count: 257),
            (1...33).map { "bar\($0)=\($0)" }.joined(separator: ","),
        ])
    func dropped(list: String) {
        #expect(Self.checked(list) == "")
        #expect(Self.checked("first=1," + list) == "")
    }

    @Test("has up to 32 entries, keys and values up to 256 characters")
    func largest() {
        let entries = (1...32).map { "bar\($0)=\($0)" }.joined(separator: ",")
        #expect(Self.checked(entries) == entries)
        let key = String(repeating: "z", count: 256) + "=1"
        #expect(Self.checked(key) == key)
        let value = "foo=" + String(repeating: "z", count: 256)
        #expect(Self.checked(value) == value)
    }

    @Test("is passed on whole up to 512 characters")
    func longest() {
        // Four entries of 127 characters and their commas are 511.
        let four = (0..<4).map { "k\($0)=" + String(repeating: "v", count: 124) }
        #expect(four.joined(separator: ",").utf8.count == 511)
        #expect(Self.checked(four.joined(separator: ",")) == four.joined(separator: ","))
        let exact = four.dropLast().joined(separator: ",") + ",k3=" + String(repeating: "v", count: 125)
        #expect(exact.utf8.count == 512)
        #expect(Self.checked(exact) == exact)
    }

    @Test("that is longer loses whole entries: the long ones first, then from the end")
    func shortened() {
        let short = (0..<6).map { "k\($0)=" + String(repeating: "v", count: 97) }
        #expect(Self.checked(short.joined(separator: ",")) == short.prefix(5).joined(separator: ","))
        let long = "long=" + String(repeating: "v", count: 200)
        let mixed = [short[0], long, short[1], short[2], short[3]]
        #expect(Self.checked(mixed.joined(separator: ",")) == short.prefix(4).joined(separator: ","))
        let second = "second=" + String(repeating: "v", count: 200)
        // One of the two is enough.
        #expect(
            Self.checked([long, second, short[0], short[1]].joined(separator: ","))
                == [long, short[0], short[1]].joined(separator: ","))
    }
}
