import COpenSSL
import Testing

@testable import GatewayIdentity

/// Signatures in all the ways in which public suites break them, made here from keys of this run: each is decided
/// rightly, by the key that is made of what a key set says.
@Suite("Signatures that are nearly right")
struct SignatureBatteryTests {
    struct Case {
        let name: String
        let signature: [UInt8]
        var isSigned = false
    }

    private static let message = Array("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJwaW0ifQ".utf8)

    /// - Returns: how many were looked at.
    private static func check(
        _ cases: [Case], _ key: PublicKey, _ algorithm: SignatureAlgorithm, of message: [UInt8] = message
    ) -> Int {
        for each in cases {
            let found = key.verifies(each.signature, of: message, by: algorithm)
            #expect(found == each.isSigned, "\(algorithm.rawValue): \(each.name)")
        }
        return cases.count
    }

    /// Every so many bits the other way round, and what is cut off or put on at each end.
    private static func damaged(_ signature: [UInt8], step: Int) -> [Case] {
        var cases = stride(from: 0, to: signature.count * 8, by: step).map { bit in
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            return Case(name: "bit \(bit) changed", signature: changed)
        }
        for count in [1, 2, signature.count / 2, signature.count - 1, signature.count] {
            cases.append(Case(name: "\(count) bytes cut off behind", signature: Array(signature.dropLast(count))))
            cases.append(Case(name: "\(count) bytes cut off before", signature: Array(signature.dropFirst(count))))
        }
        for byte in [UInt8(0), 1, 0xFF] {
            cases.append(Case(name: "\(byte) behind", signature: signature + [byte]))
            cases.append(Case(name: "\(byte) before", signature: [byte] + signature))
        }
        cases.append(Case(name: "twice", signature: signature + signature))
        cases.append(Case(name: "reversed", signature: signature.reversed()))
        cases.append(Case(name: "zeros", signature: signature.map { _ in 0 }))
        cases.append(Case(name: "ones", signature: signature.map { _ in 0xFF }))
        return cases
    }

    // MARK: ECDSA

    struct Curve: CustomTestStringConvertible {
        let shape: KeyShape
        let algorithm: SignatureAlgorithm
        let name: String
        let order: String
        let prime: String

        var testDescription: String { self.name }
        var digest: OpaquePointer? { self.shape == .p256 ? EVP_sha256() : EVP_sha384() }
    }

    static let curves = [
        Curve(
            shape: .p256, algorithm: .es256, name: "P-256",
            order: "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
            prime: "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"),
        Curve(
            shape: .p384, algorithm: .es384, name: "P-384",
            order: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
            prime: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF"),
    ]

    /// Both numbers in full length, one behind the other, of what the library makes.
    private static func raw(_ der: [UInt8], half: Int) -> [UInt8] {
        let numbers = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var next = bytes.baseAddress
            return d2i_ECDSA_SIG(nil, &next, bytes.count)
        }
        defer { ECDSA_SIG_free(numbers) }
        var raw = [UInt8](repeating: 0, count: 2 * half)
        raw.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            BN_bn2binpad(ECDSA_SIG_get0_r(numbers), base, Int32(half))
            BN_bn2binpad(ECDSA_SIG_get0_s(numbers), base + half, Int32(half))
        }
        return raw
    }

    /// An INTEGER of DER; `padding` zeros more than it should have.
    private static func integer(_ bytes: [UInt8], padding: Int = 0, isSigned: Bool = false) -> [UInt8] {
        var content = Array(bytes.drop { $0 == 0 })
        if let first = content.first, first >= 0x80, !isSigned { content = [0] + content }
        content = [UInt8](repeating: 0, count: padding) + content
        return [2, UInt8(content.count)] + content
    }

    private static func sequence(_ content: [UInt8], isLong: Bool = false) -> [UInt8] {
        (isLong ? [0x30, 0x81, UInt8(content.count)] : [0x30, UInt8(content.count)]) + content
    }

    @Test("numbers out of range, other encodings, other curves and other digests", arguments: Self.curves)
    func elliptic(curve: Curve) throws {
        let signer = try #require(TestSigner.elliptic(curve.name))
        let half = curve.shape.coordinateBytes
        let key = try #require(
            PublicKey.elliptic(curve.shape, x: Array(signer.point[..<half]), y: Array(signer.point[half...])))
        let der = signer.sign(Self.message, digest: curve.digest)
        let signature = Self.raw(der, half: half)
        let (r, s) = (Array(signature[..<half]), Array(signature[half...]))
        let (order, prime) = (TestNumber.decode(curve.order), TestNumber.decode(curve.prime))
        let zero = [UInt8](repeating: 0, count: half)
        let one = [UInt8](repeating: 0, count: half - 1) + [1]
        let mirrored = try #require(TestNumber.subtract(order, s, count: half))
        var cases = Self.damaged(signature, step: curve.shape == .p256 ? 3 : 7)
        cases.append(Case(name: "as it is", signature: signature, isSigned: true))
        // ECDSA does not say which of the two it is, and JWS does not either (RFC 7518 section 3.4).
        cases.append(Case(name: "with the other s", signature: r + mirrored, isSigned: true))
        let mixed = Array(zero.prefix(half / 2)) + Array(r.suffix(half / 2))
        let values: [(String, [UInt8])] = [
            ("zero", zero), ("one", one), ("the order", order), ("the prime", prime),
            ("the order less one", try #require(TestNumber.subtract(order, one, count: half))),
            ("the order and one", try #require(TestNumber.add(order, one, count: half))),
            ("all ones", [UInt8](repeating: 0xFF, count: half)), ("half of it", mixed),
        ]
        for (name, value) in values {
            cases.append(Case(name: "r is \(name)", signature: value + s))
            cases.append(Case(name: "s is \(name)", signature: r + value))
            for (other, second) in values { cases.append(Case(name: "\(name), \(other)", signature: value + second)) }
        }
        if let sum = TestNumber.add(r, order, count: half) {
            cases.append(Case(name: "r and the order", signature: sum + s))
        }
        if let sum = TestNumber.add(s, order, count: half) {
            cases.append(Case(name: "s and the order", signature: r + sum))
        }
        let negative = try #require(TestNumber.subtract(order, r, count: half))
        cases.append(Case(name: "r negated", signature: negative + s))
        cases.append(Case(name: "r with a zero before", signature: [0] + r + s))
        cases.append(Case(name: "s with a zero before", signature: r + [0] + s))
        cases.append(Case(name: "r without its first byte", signature: Array(r.dropFirst()) + s))
        cases.append(Case(name: "s without its first byte", signature: r + Array(s.dropFirst())))
        cases.append(Case(name: "both with a zero before", signature: [0] + r + [0] + s))
        cases.append(Case(name: "the other way round", signature: s + r))
        cases.append(Case(name: "r alone", signature: r))
        cases += Self.derForms(der, r, s)
        cases += try Self.elsewhere(curve, signer)
        #expect(Self.check(cases, key, curve.algorithm) > 150)
        for other in SignatureAlgorithm.allCases where other != curve.algorithm {
            #expect(!key.verifies(signature, of: Self.message, by: other))
        }
        #expect(!key.verifies(signature, of: Self.message + [0], by: curve.algorithm))
        #expect(!key.verifies(signature, of: Array(Self.message.dropLast()), by: curve.algorithm))
    }

    /// A token has the raw form: no DER counts, strict or not.
    private static func derForms(_ der: [UInt8], _ r: [UInt8], _ s: [UInt8]) -> [Case] {
        let (first, second) = (Self.integer(r), Self.integer(s))
        let forms: [(String, [UInt8])] = [
            ("DER", der), ("DER of our own", Self.sequence(first + second)),
            ("BER with a long length", Self.sequence(first + second, isLong: true)),
            ("DER with a zero too many", Self.sequence(Self.integer(r, padding: 1) + second)),
            ("DER with bytes behind", Self.sequence(first + second) + [0, 0]),
            ("DER with a third member", Self.sequence(first + second + [5, 0])),
            ("DER with negative numbers", Self.sequence(Self.integer(r, isSigned: true) + second)),
            ("DER of no definite length", [0x30, 0x80] + first + second + [0, 0]),
            ("DER of r alone", Self.sequence(first)), ("an empty sequence", [0x30, 0]),
        ]
        return forms.map { Case(name: $0.0, signature: $0.1) }
    }

    /// What is signed, but by another key, on another curve or of another digest.
    private static func elsewhere(_ curve: Curve, _ signer: TestSigner) throws -> [Case] {
        let half = curve.shape.coordinateBytes
        var cases: [Case] = []
        for (name, digest) in [
            ("SHA-1", EVP_sha1()), ("SHA-224", EVP_sha224()), ("SHA-256", EVP_sha256()), ("SHA-384", EVP_sha384()),
            ("SHA-512", EVP_sha512()), ("SHA3-256", EVP_sha3_256()), ("SHA-512/256", EVP_sha512_256()),
        ] where digest != curve.digest {
            let der = signer.sign(Self.message, digest: digest)
            cases.append(Case(name: "of \(name)", signature: Self.raw(der, half: half)))
        }
        for other in ["P-256", "P-384", "secp256k1", "brainpoolP256r1", "P-224"] {
            guard let stranger = TestSigner.elliptic(other) else { continue }
            let der = stranger.sign(Self.message, digest: curve.digest)
            let length = other == "P-384" ? 48 : 32
            cases.append(Case(name: "by another key, on \(other)", signature: Self.raw(der, half: length)))
        }
        return cases
    }

    @Test("points that are on no curve, or on another, are no keys", arguments: Self.curves)
    func points(curve: Curve) throws {
        let signer = try #require(TestSigner.elliptic(curve.name))
        let half = curve.shape.coordinateBytes
        let (x, y) = (Array(signer.point[..<half]), Array(signer.point[half...]))
        let zero = [UInt8](repeating: 0, count: half)
        let prime = TestNumber.decode(curve.prime)
        var wrong: [([UInt8], [UInt8])] = [
            (zero, zero), (x, zero), (y, x), (x, x), (prime, y), (x, prime), ([0] + x, y), (x, [0] + y),
            (Array(x.dropFirst()), y), (x, Array(y.dropLast())), ([], []),
            ([UInt8](repeating: 0xFF, count: half), y),
        ]
        for bit in stride(from: 0, to: half * 8, by: 13) {
            var changed = y
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            wrong.append((x, changed))
        }
        if let other = TestSigner.elliptic(half == 32 ? "secp256k1" : "brainpoolP384r1") {
            wrong.append((Array(other.point[..<half]), Array(other.point[half...])))
        }
        for (x, y) in wrong { #expect(PublicKey.elliptic(curve.shape, x: x, y: y) == nil) }
        let other: KeyShape = curve.shape == .p256 ? .p384 : .p256
        #expect(PublicKey.elliptic(other, x: x, y: y) == nil)
        #expect(PublicKey.elliptic(.ed25519, x: x, y: y) == nil)
    }

    // MARK: Edwards curves

    @Test("numbers beyond the order, points of small order, other spellings", arguments: [KeyShape.ed25519, .ed448])
    func edwards(shape: KeyShape) throws {
        let signer = try #require(TestSigner.edwards(shape == .ed25519 ? "ED25519" : "ED448"))
        let text = signer.rawPublicKey
        let half = shape.coordinateBytes
        let key = try #require(PublicKey.edwards(shape, x: text))
        let signature = signer.sign(Self.message, digest: nil)
        let (point, number) = (Array(signature[..<half]), Array(signature[half...]))
        // Big-endian; signatures have it the other way round.
        let order = TestNumber.decode(
            shape == .ed25519
                ? "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED"
                : "3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7CCA23E9C44EDB49AED63690216CC2728DC58F5523"
                    + "78C292AB5844F3")
        var cases = Self.damaged(signature, step: shape == .ed25519 ? 3 : 17)
        cases.append(Case(name: "as it is", signature: signature, isSigned: true))
        var sum = Array(number.reversed())
        for times in 1...7 {
            guard let next = TestNumber.add(sum, order, count: half) else { break }
            sum = next
            cases.append(Case(name: "s and \(times) times the order", signature: point + sum.reversed()))
        }
        let zero = [UInt8](repeating: 0, count: half)
        let padded = [UInt8](repeating: 0, count: half - order.count) + order
        let values: [(String, [UInt8])] = [
            ("zero", zero), ("one", [1] + Array(zero.dropLast())), ("the order", padded.reversed()),
            ("all ones", [UInt8](repeating: 0xFF, count: half)),
        ]
        for (name, value) in values {
            cases.append(Case(name: "s is \(name)", signature: point + value))
            for small in Self.smallPoints(shape) {
                cases.append(Case(name: "R is small, s is \(name)", signature: small + value))
                cases.append(Case(name: "R is small", signature: small + number))
            }
        }
        cases.append(Case(name: "the key in the place of R", signature: text + number))
        let stranger = try #require(TestSigner.edwards(shape == .ed25519 ? "ED25519" : "ED448"))
        cases.append(Case(name: "by another key", signature: stranger.sign(Self.message, digest: nil)))
        #expect(Self.check(cases, key, .edDSA) > 80)
        for other in SignatureAlgorithm.allCases where other != .edDSA {
            #expect(!key.verifies(signature, of: Self.message, by: other))
        }
    }

    /// Points of order 1, 2, 4 and 8, in every spelling that fits.
    private static func smallPoints(_ shape: KeyShape) -> [[UInt8]] {
        let texts =
            shape == .ed25519
            ? [
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            ]
            : [
                String(repeating: "00", count: 57), "01" + String(repeating: "00", count: 56),
                "fe" + String(repeating: "ff", count: 27) + "fe" + String(repeating: "ff", count: 27) + "00",
                String(repeating: "ff", count: 28) + "fe" + String(repeating: "ff", count: 27) + "00",
                String(repeating: "00", count: 28) + String(repeating: "ff", count: 28) + "00",
            ]
        let points = texts.map(TestNumber.decode)
        return points + points.map { Array($0.dropLast()) + [$0[$0.count - 1] | 0x80] }
    }

    @Test("a point of small order, or in a second spelling, is no key", arguments: [KeyShape.ed25519, .ed448])
    func smallKeys(shape: KeyShape) throws {
        for point in Self.smallPoints(shape) { #expect(PublicKey.edwards(shape, x: point) == nil) }
        let length = shape.coordinateBytes
        for text in [[], [UInt8](repeating: 7, count: length - 1), [UInt8](repeating: 7, count: length + 1)] {
            #expect(PublicKey.edwards(shape, x: text) == nil)
        }
        #expect(PublicKey.edwards(shape, x: [UInt8](repeating: 0xFF, count: length)) == nil)
        #expect(PublicKey.edwards(.p256, x: [UInt8](repeating: 7, count: 32)) == nil)
    }
}
