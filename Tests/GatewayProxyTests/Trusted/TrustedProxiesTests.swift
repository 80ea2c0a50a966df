import GatewayIdentity
import Testing

@testable import GatewayProxy

@Suite("Who is believed what of others")
struct TrustedProxiesTests {
    private static func trusted(_ field: TrustedProxies.AddressField? = .xForwardedFor) -> TrustedProxies {
        TrustedProxies(
            networks: ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "203.0.113.128/25"].compactMap { .init($0) },
            speakPROXY: false, addressField: field, tellCertificates: true)
    }

    private static func address(_ field: TrustedProxies.AddressField, of peer: String, _ value: String) -> String? {
        Self.trusted(field).address(of: peer, value: Array(value.utf8))
    }

    @Test(
        "a network contains its addresses and no others",
        arguments: [
            ("10.255.0.1", true), ("11.0.0.1", false), ("192.0.2.7", true), ("192.0.2.8", false), ("fd12::1", true),
            ("fe80::1", false), ("::ffff:10.1.2.3", true), ("203.0.113.200", true), ("203.0.113.1", false), ("", false),
            ("10.1", false),
        ])
    func contains(address: String, isTrusted: Bool) { #expect(Self.trusted().contain(address) == isTrusted) }

    @Test("what is no network is none", arguments: ["10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "x/8", "fd00::/129", "/8"])
    func noNetwork(text: String) { #expect(TrustedProxies.Network(text) == nil) }

    @Test(
        "the last address that is not trusted is the caller's",
        arguments: [
            ("198.51.100.9", "198.51.100.9"), ("1.2.3.4, 198.51.100.9", "198.51.100.9"),
            ("198.51.100.9, 10.2.3.4", "198.51.100.9"), ("198.51.100.9, 10.2.3.4 ,10.9.9.9", "198.51.100.9"),
            ("10.2.3.4", "10.2.3.4"), ("198.51.100.9:4711", "198.51.100.9"), ("[2001:db8::9]:80", "2001:db8::9"),
            ("2001:db8::9", "2001:db8::9"), ("unknown", nil), ("", nil), ("1.2.3.4, unknown", nil),
            ("1.2.3.4, unknown, 10.2.3.4", "10.2.3.4"),
        ] as [(String, String?)])
    func xForwardedFor(value: String, expected: String?) {
        #expect(Self.address(.xForwardedFor, of: "10.0.0.1", value) == expected)
        #expect(Self.address(.xForwardedFor, of: "198.51.100.1", value) == nil)
    }

    @Test(
        "Forwarded says it in for=",
        arguments: [
            ("for=198.51.100.9", "198.51.100.9"), ("For=\"[2001:db8::9]:4711\";proto=https", "2001:db8::9"),
            ("for=1.2.3.4, proto=http;for=198.51.100.9;by=10.0.0.1", "198.51.100.9"), ("for=_hidden", nil),
            ("by=198.51.100.9", nil), ("for=\"198.51.100.9:80\", for=10.0.0.9", "198.51.100.9"),
            ("for=198.51.100.9;host=\"x,for=6.6.6.6\"", "198.51.100.9"),
            ("for=198.51.100.9;host=\"x;for=6.6.6.6\"", "198.51.100.9"),
            ("host=\"a;for=6.6.6.6\";for=198.51.100.9", "198.51.100.9"),
            ("host=\"a\\\",for=6.6.6.6;b=\\\"\" ; FOR=198.51.100.9", "198.51.100.9"),
            (",, for=198.51.100.9 ,", "198.51.100.9"), ("for=\"\\198.51.100.9\"", "198.51.100.9"),
            ("for=1.2.3.4, for=\"198.51.100.9", nil), ("for=198.51.100.9;for=6.6.6.6", nil), ("for", nil),
            ("for=198.51.100.9 x=y", nil), ("for =198.51.100.9", nil), ("for=198.51.100.9;\u{0}", nil), ("", nil),
        ] as [(String, String?)])
    func forwarded(value: String, expected: String?) {
        #expect(Self.address(.forwarded, of: "fd00::1", value) == expected)
    }

    @Test(
        "a PROXY header is read whole or not at all",
        arguments: [
            ("PROXY TCP4 198.51.100.9 10.0.0.1 4711 8443\r\nGET", 44, "198.51.100.9"),
            ("PROXY TCP6 2001:db8::9 fd00::1 4711 8443\r\n", 42, "2001:db8::9"),
            ("PROXY UNKNOWN\r\n", 15, nil), ("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", 59, nil),
        ] as [(String, Int, String?)])
    func line(text: String, count: Int, source: String?) {
        let bytes = Array(text.utf8)
        let address = source.flatMap { NetworkAddress($0) }
        #expect(bytes.withUnsafeBytes { ProxyHeader.read($0) } == .header(byteCount: count, source: address))
        for length in 0..<count {
            #expect(bytes[..<length].withUnsafeBytes { ProxyHeader.read($0) } == .undecided)
        }
    }

    @Test(
        "what is no PROXY header is malformed",
        arguments: [
            "GET / HTTP/1.1\r\n", "PROXY TCP4 198.51.100.9 10.0.0.1 4711\r\n", "PROXY TCP4 2001:db8::9 fd00::1 1 2\r\n",
            "PROXY TCP4 198.51.100.9 10.0.0.1 4711 99999\r\n", "PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n", "PROXY \r\n",
            "PROXY TCP4 198.51.100.9 10.0.0.1 4711 8443\n", "PROXY TCP4 198.51.100.9 10.0.0.1 04711 8443\r\n",
            "PROXY TCP4 198.51.100.09 10.0.0.1 4711 8443\r\n", "proxy UNKNOWN\r\n", "\u{16}\u{3}\u{1}",
        ])
    func noLine(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { ProxyHeader.read($0) } == .malformed)
    }

    @Test("a line that does not end is malformed, and not waited for")
    func endless() {
        let bytes = Array("PROXY UNKNOWN ".utf8) + [UInt8](repeating: 0x61, count: 200)
        #expect(bytes.withUnsafeBytes { ProxyHeader.read($0) } == .malformed)
    }

    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    @Test("version 2: addresses of both families, further values, and health checks")
    func binary() {
        let four = Self.signature + [0x21, 0x11, 0, 12, 198, 51, 100, 9, 10, 0, 0, 1, 0, 1, 0, 2]
        let six =
            Self.signature + [0x21, 0x21, 0, 36] + [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [9]
            + [UInt8](repeating: 0, count: 20)
        let local = Self.signature + [0x20, 0x00, 0, 0]
        // Of a local connection neither the family nor what follows is looked at.
        let localWithFamily = Self.signature + [0x20, 0x31, 0, 2, 1, 2]
        // A receiver takes what it does not know of these for not told.
        let unixSocket = Self.signature + [0x21, 0x31, 0, 216] + [UInt8](repeating: 0x61, count: 216)
        let datagrams = Self.signature + [0x21, 0x12, 0, 12] + [UInt8](repeating: 1, count: 12)
        let further = Self.signature + [0x21, 0x11, 0, 16, 198, 51, 100, 9, 10, 0, 0, 1, 0, 1, 0, 2, 4, 0, 1, 0]
        for (bytes, source) in [
            (four, "198.51.100.9"), (six, "2001:db8::9"), (local, nil), (localWithFamily, nil), (unixSocket, nil),
            (datagrams, nil),
            (further, "198.51.100.9"),
        ] as [([UInt8], String?)] {
            let address = source.flatMap { NetworkAddress($0) }
            #expect(
                (bytes + [1, 2, 3]).withUnsafeBytes { ProxyHeader.read($0) }
                    == .header(byteCount: bytes.count, source: address))
            for length in 0..<bytes.count {
                #expect(bytes[..<length].withUnsafeBytes { ProxyHeader.read($0) } == .undecided)
            }
        }
        for wrong in [
            [0x11, 0x11, 0, 12], [0x22, 0x11, 0, 12], [0x21, 0x13, 0, 12], [0x21, 0x41, 0, 216], [0x21, 0x11, 0, 11],
            [0x21, 0x11, 0xFF, 0xFF],
        ] as [[UInt8]] {
            #expect((Self.signature + wrong).withUnsafeBytes { ProxyHeader.read($0) } == .malformed)
        }
    }

    @Test("Base64 with padding is strict", arguments: ["AA=", "A", "AA==\n", "AB==", "-_8=", "====", "AA=A"])
    func base64(text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }

    @Test("Base64 with padding is read")
    func goodBase64() {
        #expect(Base64.decode(Array("AA==".utf8)) == [0])
        #expect(Base64.decode(Array("+/8=".utf8)) == [0xFB, 0xFF])
    }

    @Test("an address ends where its text ends, not at a NUL")
    func nul() {
        #expect(NetworkAddress("198.51.100.9\u{0}") == nil)
        #expect(NetworkAddress("198.51.100.9\u{0} 1") == nil)
        let line = Array("PROXY TCP4 198.51.100.9\u{0} 10.0.0.1 4711 8443\r\n".utf8)
        #expect(line.withUnsafeBytes { ProxyHeader.read($0) } == .malformed)
    }

    @Test("several lines of a field are one list")
    func lines() {
        let lines = ["198.51.100.9", "10.1.1.1", "10.1.1.2"].map { Array($0.utf8) }
        lines[0].withUnsafeBufferPointer { first in
            lines[1].withUnsafeBufferPointer { second in
                lines[2].withUnsafeBufferPointer { third in
                    var said = ReceivedForwarding()
                    for line in [first, second, third] { said.take(xForwardedFor: line) }
                    #expect(said.address(.forwarded) == nil)
                    let value = said.address(.xForwardedFor) ?? []
                    #expect(Self.trusted().address(of: "10.0.0.1", value: value) == "198.51.100.9")
                }
            }
        }
    }

    @Test(
        "a certificate that a proxy tells of is one, or wrong; without it the proxy's own is not the caller's",
        arguments: [
            ([], "none"), ([":AAAA:"], "malformed"), (["junk"], "malformed"), ([":AAAA:", ":AAAA:"], "malformed"),
        ])
    func certificates(lines: [String], found: String) {
        let value = Array((lines.first ?? "").utf8)
        func told(_ peer: String) -> String {
            value.withUnsafeBufferPointer { line in
                var said = ReceivedForwarding()
                for _ in lines { said.take(certificate: line) }
                return "\(Self.trusted().certificate(of: peer, said))"
            }
        }
        #expect(told("10.0.0.1") == found)
        #expect(told("198.51.100.1") == "notTold")
    }
}
