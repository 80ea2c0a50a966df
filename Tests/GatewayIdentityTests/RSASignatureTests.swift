import COpenSSL
import Testing

@testable import GatewayIdentity

/// RSA signatures whose encoded messages are nearly right: what is forged by them is forged in every library that looks
/// at less than all of it.
@Suite("RSA signatures that are nearly right")
struct RSASignatureTests {
    private struct Case {
        let name: String
        let encoded: [UInt8]
        var isSigned = false
    }

    private static let message = Array("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwaW0ifQ".utf8)
    /// SHA-256 as an AlgorithmIdentifier, with its NULL, and the OCTET STRING that follows (RFC 8017 section 9.2).
    private static let prefix = TestNumber.decode("3031300d060960864801650304020105000420")

    private static func key(_ signer: TestSigner) throws -> PublicKey {
        try #require(PublicKey.rsa(modulus: signer.number("n"), exponent: signer.number("e")))
    }

    /// `00 type padding 00 rest`, as long as the modulus.
    private static func block(
        _ rest: [UInt8], length: Int, type: UInt8 = 1, padding: UInt8 = 0xFF, first: UInt8 = 0
    ) -> [UInt8] {
        [first, type] + [UInt8](repeating: padding, count: length - rest.count - 3) + [0] + rest
    }

    private static func pkcs1Cases(length: Int) -> [Case] {
        let hash = TestSigner.hash(self.message, EVP_sha256())
        let info = self.prefix + hash
        var cases = [Case(name: "as it should be", encoded: self.block(info, length: length), isSigned: true)]
        for (name, rest) in self.otherInfos(hash) {
            cases.append(Case(name: name, encoded: self.block(rest, length: length)))
        }
        for type in [UInt8(0), 2, 3, 0xFF] {
            cases.append(Case(name: "block type \(type)", encoded: self.block(info, length: length, type: type)))
        }
        for padding in [UInt8(0), 1, 0xFE, 0x7F] {
            cases.append(
                Case(name: "padded with \(padding)", encoded: self.block(info, length: length, padding: padding)))
        }
        cases.append(Case(name: "beginning with 1", encoded: self.block(info, length: length, first: 1)))
        let right = self.block(info, length: length)
        for position in [0, 1, 2, 3, 9, 10, 11, length / 2, length - info.count - 2, length - info.count - 1] {
            var changed = right
            changed[position] ^= 0x55
            cases.append(Case(name: "byte \(position) changed", encoded: changed))
        }
        for position in stride(from: length - info.count, to: length, by: 2) {
            var changed = right
            changed[position] ^= 1
            cases.append(Case(name: "byte \(position) changed", encoded: changed))
        }
        // Bleichenbacher's: the padding ends early, and what follows the hash is free, by which cube roots are found.
        for count in [0, 1, 7, 8, 9, 20, 100] {
            let head = [0, 1] + [UInt8](repeating: 0xFF, count: count) + [0] + info
            cases.append(
                Case(
                    name: "\(count) bytes of padding and garbage behind",
                    encoded: head + [UInt8](repeating: 0x5A, count: length - head.count)))
            cases.append(
                Case(
                    name: "\(count) bytes of padding and zeros behind",
                    encoded: head + [UInt8](repeating: 0, count: length - head.count)))
        }
        return cases
    }

    /// What may stand in the place of the DigestInfo. Hexadecimal digits before the bytes.
    private static func otherInfos(_ hash: [UInt8]) -> [(name: String, info: [UInt8])] {
        let digits: [(String, String, [UInt8])] = [
            ("without NULL", "302f300b06096086480165030402010420", hash),
            ("with another NULL", "3031300d060960864801650304020104000420", hash),
            ("with a long NULL", "3032300e06096086480165030402010581000420", hash),
            ("with parameters", "3033300f0609608648016503040201300205000420", hash),
            ("with a long length", "308131300d060960864801650304020105000420", hash),
            ("with a long length inside", "303230810d060960864801650304020105000420", hash),
            ("with a long length of the hash", "3032300d06096086480165030402010500048120", hash),
            ("of no definite length", "3080300d060960864801650304020105000420", hash + [0, 0]),
            ("with a byte behind the hash", "3031300d060960864801650304020105000420", hash + [0]),
            ("with bytes behind the hash", "3031300d060960864801650304020105000420", hash + [1, 2, 3, 4]),
            ("with a third member", "3033300d060960864801650304020105000420", hash + [5, 0]),
            ("the hash alone", "", hash),
            ("the hash as an OCTET STRING", "0420", hash),
            ("half of the hash", "3031300d060960864801650304020105000420", Array(hash.prefix(16))),
            ("a changed hash", "3031300d060960864801650304020105000420", hash.reversed()),
            ("SHA-1's name", "3021300906052b0e03021a05000414", Array(hash.prefix(20))),
            ("SHA-1", "3021300906052b0e03021a05000414", TestSigner.hash(self.message, EVP_sha1())),
            ("MD5", "3020300c06082a864886f70d020505000410", TestSigner.hash(self.message, EVP_md5())),
            ("SHA-384", "3041300d060960864801650304020205000430", TestSigner.hash(self.message, EVP_sha384())),
            ("SHA-512", "3051300d060960864801650304020305000440", TestSigner.hash(self.message, EVP_sha512())),
            ("SHA-512's name", "3051300d060960864801650304020305000440", hash + hash),
            ("SHA-224's name", "302d300d06096086480165030402040500041c", Array(hash.prefix(28))),
            ("nothing", "", []),
            ("an empty sequence", "3000", []),
            ("zeros", "", [UInt8](repeating: 0, count: 51)),
        ]
        return digits.map { ($0.0, TestNumber.decode($0.1) + $0.2) }
    }

    @Test("padding of PKCS #1 v1.5 is looked at whole, whatever the exponent", arguments: [UInt(65537), 3])
    func pkcs1(exponent: UInt) throws {
        let signer = try #require(TestSigner.rsa(bits: 2048, exponent: exponent))
        let key = try Self.key(signer)
        let cases = Self.pkcs1Cases(length: 256)
        for each in cases {
            let signature = signer.power(each.encoded)
            #expect(signature.count == 256, "\(each.name)")
            #expect(key.verifies(signature, of: Self.message, by: .rs256) == each.isSigned, "\(each.name)")
            #expect(!key.verifies(signature, of: Self.message, by: .ps256), "\(each.name)")
        }
        #expect(cases.count > 70)
        try Self.checkNumbers(signer, key, signer.power(cases[0].encoded), .rs256)
    }

    /// What a signature is as a number: beyond the modulus, negative, longer or shorter than the modulus.
    private static func checkNumbers(
        _ signer: TestSigner, _ key: PublicKey, _ signature: [UInt8], _ algorithm: SignatureAlgorithm
    ) throws {
        #expect(key.verifies(signature, of: self.message, by: algorithm))
        let modulus = signer.number("n")
        let one = [UInt8](repeating: 0, count: 255) + [1]
        var wrong: [[UInt8]] = [
            [], [0], [UInt8](repeating: 0, count: 256), one, modulus, signature.map { _ in 0xFF },
            try #require(TestNumber.subtract(modulus, one, count: 256)),
            try #require(TestNumber.subtract(modulus, signature, count: 256)), [0] + signature, signature + [0],
            Array(signature.dropLast()), Array(signature.dropFirst()), signature + signature,
            try #require(TestNumber.add(signature, modulus, count: 257)), signature.reversed(),
        ]
        if let sum = TestNumber.add(signature, modulus, count: 256) { wrong.append(sum) }
        for bit in stride(from: 0, to: 2048, by: 41) {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            wrong.append(changed)
        }
        for (position, each) in wrong.enumerated() {
            #expect(!key.verifies(each, of: self.message, by: algorithm), "\(position)")
        }
        #expect(!key.verifies(signature, of: self.message + [0], by: algorithm))
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(!key.verifies(signature, of: self.message, by: other))
        }
        let stranger = try self.key(try #require(TestSigner.rsa(bits: 2048)))
        #expect(!stranger.verifies(signature, of: self.message, by: algorithm))
    }

    @Test("a PSS signature has the salt, the mask and the digest that RFC 7518 says, and nothing else of it is free")
    func pss() throws {
        let signer = try #require(TestSigner.rsa(bits: 2048))
        let key = try Self.key(signer)
        let right = signer.signPSS(Self.message, salt: 32, digest: EVP_sha256(), mask: EVP_sha256())
        for salt in [Int32(0), 1, 20, 31, 33, 48, 64, 222] {
            let signature = signer.signPSS(Self.message, salt: salt, digest: EVP_sha256(), mask: EVP_sha256())
            #expect(signature.count == 256)
            #expect(!key.verifies(signature, of: Self.message, by: .ps256), "a salt of \(salt)")
        }
        for (name, digest, mask) in [
            ("SHA-1", EVP_sha1(), EVP_sha1()), ("a mask of SHA-1", EVP_sha256(), EVP_sha1()),
            ("a mask of SHA-384", EVP_sha256(), EVP_sha384()), ("SHA-384", EVP_sha384(), EVP_sha384()),
            ("SHA-512", EVP_sha512(), EVP_sha512()), ("SHA-384, masked as it should", EVP_sha384(), EVP_sha256()),
            ("SHA3-256", EVP_sha3_256(), EVP_sha3_256()), ("SHA-512/256", EVP_sha512_256(), EVP_sha512_256()),
        ] {
            let signature = signer.signPSS(Self.message, salt: 32, digest: digest, mask: mask)
            #expect(!key.verifies(signature, of: Self.message, by: .ps256), "\(name)")
        }
        let encoded = signer.recovered(right)
        #expect(encoded.count == 256)
        #expect(key.verifies(signer.power(encoded), of: Self.message, by: .ps256))
        for position in Array(stride(from: 1, to: 256, by: 5)) + [0, 253, 254, 255] {
            for change in [UInt8(0x01), 0x70] {
                var changed = encoded
                changed[position] ^= change
                let signature = signer.power(changed)
                guard !signature.isEmpty else { continue }
                #expect(!key.verifies(signature, of: Self.message, by: .ps256), "byte \(position)")
            }
        }
        try Self.checkNumbers(signer, key, right, .ps256)
    }

    @Test("keys that are too small, even, or of no use are none")
    func keys() throws {
        let small = try #require(TestSigner.rsa(bits: 1024))
        let nearly = try #require(TestSigner.rsa(bits: 2046))
        let good = try #require(TestSigner.rsa(bits: 2048))
        let (modulus, exponent) = (good.number("n"), good.number("e"))
        let even = modulus.dropLast() + [modulus[255] & 0xFE]
        for (name, modulus, exponent) in [
            ("1024 bits", small.number("n"), exponent), ("2046 bits", nearly.number("n"), exponent),
            ("1024 bits behind zeros", [UInt8](repeating: 0, count: 128) + small.number("n"), exponent),
            ("an even modulus", Array(even), exponent), ("no modulus", [], exponent), ("no exponent", modulus, []),
            ("the exponent 0", modulus, [0]), ("the exponent 1", modulus, [1]), ("the exponent 2", modulus, [2]),
            ("an even exponent", modulus, [1, 0, 0]), ("a long exponent", modulus, [1] + exponent + modulus.prefix(8)),
            ("the modulus as exponent", modulus, modulus),
            ("too large", [UInt8](repeating: 0xFF, count: 1025), exponent),
        ] {
            #expect(PublicKey.rsa(modulus: modulus, exponent: exponent) == nil, "\(name)")
        }
        let long = try #require(TestSigner.rsa(bits: 2056))
        let key = try Self.key(long)
        let signature = long.power(Self.block(Self.prefix + TestSigner.hash(Self.message, EVP_sha256()), length: 257))
        #expect(key.verifies(signature, of: Self.message, by: .rs256))
    }
}
