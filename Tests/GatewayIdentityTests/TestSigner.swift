import COpenSSL

@testable import GatewayIdentity

/// A private key that signs, rightly or as wrongly as a test wants.
final class TestSigner {
    private let key: OpaquePointer

    private init(_ key: OpaquePointer) { self.key = key }

    deinit { EVP_PKEY_free(self.key) }

    private static func make(_ type: String, _ set: (OpaquePointer) -> Bool) -> TestSigner? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, set(context), EVP_PKEY_keygen(context, &key) == 1 else { return nil }
        return key.map(TestSigner.init)
    }

    static func rsa(bits: Int32, exponent: UInt = 65537) -> TestSigner? {
        guard let number = BN_new() else { return nil }
        defer { BN_free(number) }
        BN_set_word(number, exponent)
        return self.make("RSA") {
            EVP_PKEY_CTX_set_rsa_keygen_bits($0, bits) == 1 && EVP_PKEY_CTX_set1_rsa_keygen_pubexp($0, number) == 1
        }
    }

    static func elliptic(_ curve: String) -> TestSigner? {
        self.make("EC") { EVP_PKEY_CTX_set_group_name($0, curve) == 1 }
    }

    static func edwards(_ type: String) -> TestSigner? { self.make(type) { _ in true } }

    // MARK: The public part

    func number(_ name: String) -> [UInt8] {
        var value: OpaquePointer?
        guard EVP_PKEY_get_bn_param(self.key, name, &value) == 1 else { return [] }
        defer { BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: Int((BN_num_bits(value) + 7) / 8))
        BN_bn2bin(value, &bytes)
        return bytes
    }

    /// Both coordinates, one behind the other.
    var point: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        var count = 0
        guard EVP_PKEY_get_octet_string_param(self.key, "pub", &bytes, bytes.count, &count) == 1 else { return [] }
        return Array(bytes[1..<count])
    }

    var rawPublicKey: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        var count = bytes.count
        guard EVP_PKEY_get_raw_public_key(self.key, &bytes, &count) == 1 else { return [] }
        return Array(bytes[..<count])
    }

    // MARK: Signing

    /// As the library signs.
    func sign(
        _ message: [UInt8], digest: OpaquePointer?, _ set: (OpaquePointer?) -> Bool = { _ in true }
    ) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { return [] }
        defer { EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard EVP_DigestSignInit(context, &parameters, digest, nil, self.key) == 1, set(parameters) else { return [] }
        var count = 0
        guard EVP_DigestSign(context, nil, &count, message, message.count) == 1 else { return [] }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else { return [] }
        return Array(signature[..<count])
    }

    func signPSS(_ message: [UInt8], salt: Int32, digest: OpaquePointer?, mask: OpaquePointer?) -> [UInt8] {
        self.sign(message, digest: digest) {
            EVP_PKEY_CTX_set_rsa_padding($0, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md($0, mask) == 1 && EVP_PKEY_CTX_set_rsa_pss_saltlen($0, salt) == 1
        }
    }

    /// RSA alone, of any number of the modulus's length that is smaller.
    func power(_ encoded: [UInt8]) -> [UInt8] {
        self.rsa(encoded, EVP_PKEY_sign_init, EVP_PKEY_sign)
    }

    /// What a signature says: the encoded message.
    func recovered(_ signature: [UInt8]) -> [UInt8] {
        self.rsa(signature, EVP_PKEY_verify_recover_init, EVP_PKEY_verify_recover)
    }

    private func rsa(
        _ bytes: [UInt8], _ begin: (OpaquePointer?) -> Int32,
        _ operation: (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?, UnsafePointer<UInt8>?, Int
        ) -> Int32
    ) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, self.key, nil) else { return [] }
        defer { EVP_PKEY_CTX_free(context) }
        var result = [UInt8](repeating: 0, count: 1024)
        var count = result.count
        guard begin(context) == 1, EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1,
            operation(context, &result, &count, bytes, bytes.count) == 1
        else { return [] }
        return Array(result[..<count])
    }

    static func hash(_ message: [UInt8], _ digest: OpaquePointer?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        guard EVP_Digest(message, message.count, &bytes, &count, digest, nil) == 1 else { return [] }
        return Array(bytes[..<Int(count)])
    }
}

/// Numbers of any length, big-endian.
enum TestNumber {
    static func decode(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue).map { UInt8($0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The sum; nil where it does not fit into `count` bytes.
    static func add(_ one: [UInt8], _ other: [UInt8], count: Int) -> [UInt8]? {
        self.combine(one, other, count: count) { BN_add($0, $1, $2) }
    }

    static func subtract(_ one: [UInt8], _ other: [UInt8], count: Int) -> [UInt8]? {
        self.combine(one, other, count: count) { BN_sub($0, $1, $2) }
    }

    private static func combine(
        _ one: [UInt8], _ other: [UInt8], count: Int,
        _ operation: (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32
    ) -> [UInt8]? {
        let (first, second) = (BN_bin2bn(one, Int32(one.count), nil), BN_bin2bn(other, Int32(other.count), nil))
        let result = BN_new()
        defer { for number in [first, second, result] { BN_free(number) } }
        var bytes = [UInt8](repeating: 0, count: count)
        guard operation(result, first, second) == 1, BN_is_negative(result) == 0,
            BN_bn2binpad(result, &bytes, Int32(count)) == Int32(count)
        else { return nil }
        return bytes
    }
}
