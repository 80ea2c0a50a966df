import Testing

@testable import GatewayIdentity

@Suite("API keys")
struct APIKeyTests {
    @Test("a key has its prefix, its random bytes and its checksum, and is another each time")
    func make() throws {
        let (one, other) = (try #require(APIKey.make()), try #require(APIKey.make()))
        #expect(one.text != other.text)
        #expect(one.text.hasPrefix("pgw_"))
        #expect(one.text.utf8.count == 53)
        #expect(APIKey.isWellFormed(Array(one.text.utf8)))
        #expect(one.digest != other.digest)
    }

    @Test("the checksum is the one of Ethernet: a key can be told from a random text by anybody")
    func checksum() {
        let key = APIKey(random: [UInt8](repeating: 0, count: 32))
        #expect(key.text == "pgw_" + String(repeating: "A", count: 43) + APIKeyTests.checksumOfZeros)
    }

    /// `base64.urlsafe_b64encode(zlib.crc32(b"pgw_" + b"A" * 43).to_bytes(4, "big"))` in Python.
    private static let checksumOfZeros = "655sNQ"

    @Test("a key with any character changed is none")
    func mistyped() throws {
        let text = Array(try #require(APIKey.make()).text.utf8)
        for position in text.indices {
            var changed = text
            changed[position] = changed[position] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            #expect(!APIKey.isWellFormed(changed))
        }
        #expect(!APIKey.isWellFormed(text.dropLast()))
        #expect(!APIKey.isWellFormed(text + [UInt8(ascii: "A")]))
    }

    @Test("a ring finds whose a key is, and finds nobody for any other")
    func ring() throws {
        let digests = try (0..<50).map { try #require(Digest(of: [UInt8($0)])) }
        let ring = KeyRing(digests)
        for (position, digest) in digests.enumerated() { #expect(ring.position(of: digest) == position) }
        #expect(ring.position(of: try #require(Digest(of: [99]))) == nil)
        #expect(KeyRing([]).position(of: digests[0]) == nil)
        for bit in 0..<256 {
            var bytes = digests[7].bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(ring.position(of: try #require(Digest(bytes: bytes))) == nil)
        }
    }

    @Test("a digest is read from its 64 digits and from nothing else")
    func digest() throws {
        let digest = try #require(Digest(of: Array("abc".utf8)))
        // FIPS 180-4's example.
        #expect(digest.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest(hexadecimal: digest.hexadecimal.uppercased()) == digest)
        #expect(Digest(hexadecimal: String(digest.hexadecimal.dropLast())) == nil)
        #expect(Digest(hexadecimal: digest.hexadecimal + "0") == nil)
        #expect(Digest(hexadecimal: "g" + digest.hexadecimal.dropFirst()) == nil)
    }
}
