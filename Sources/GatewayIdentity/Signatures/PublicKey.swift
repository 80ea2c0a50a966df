internal import COpenSSL

/// A public key that verifies signatures: an `EVP_PKEY`, owned.
///
/// Immutable once made; OpenSSL counts references to a key atomically and only reads it to verify, so that all event
/// loops may use one at once. Every OpenSSL call that verifies a signature is in `PublicKey*.swift`.
final class PublicKey: @unchecked Sendable {
    let shape: KeyShape
    private let key: OpaquePointer  // EVP_PKEY *

    /// Takes the key over.
    init(owning key: OpaquePointer, shape: KeyShape) {
        self.key = key
        self.shape = shape
    }

    deinit {
        EVP_PKEY_free(self.key)
    }

    /// Whether this key has signed `message`. Nothing that a signature or a message holds is an error: what is not
    /// well formed is not signed.
    func verifies(_ signature: [UInt8], of message: some Collection<UInt8>, by algorithm: SignatureAlgorithm) -> Bool {
        guard self.shape.fits(algorithm), let signature = self.encoded(signature) else { return false }
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard self.begin(context, algorithm) else { return false }
        let message = Array(message)
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private func begin(_ context: OpaquePointer, _ algorithm: SignatureAlgorithm) -> Bool {
        var parameters: OpaquePointer?  // EVP_PKEY_CTX *, of the context
        switch algorithm {
        case .rs256:
            return EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), nil, self.key) == 1
                && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) == 1
        case .ps256:
            // The salt has the length of the digest, and the mask is made by the same (RFC 7518 section 3.5).
            return EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), nil, self.key) == 1
                && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, EVP_sha256()) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
        case .es256:
            return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, self.key) == 1
        case .es384:
            return EVP_DigestVerifyInit(context, nil, EVP_sha384(), nil, self.key) == 1
        case .edDSA:
            return EVP_DigestVerifyInit(context, nil, nil, nil, self.key) == 1
        }
    }

    /// The signature as OpenSSL takes it; nil where its length is not the one that this key's signatures have.
    private func encoded(_ signature: [UInt8]) -> [UInt8]? {
        switch self.shape {
        case .rsa:
            return signature.count == Int(EVP_PKEY_get_size(self.key)) ? signature : nil
        case .p256, .p384:
            // Both numbers, one behind the other, each in full length (RFC 7518 section 3.4).
            let half = self.shape.coordinateBytes
            return signature.count == 2 * half ? Self.derEncoded(signature, half: half) : nil
        case .ed25519, .ed448:
            return signature.count == 2 * self.shape.coordinateBytes ? signature : nil
        }
    }

    private static func derEncoded(_ signature: [UInt8], half: Int) -> [UInt8]? {
        guard let numbers = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(numbers) }
        let (first, second) = signature.withUnsafeBufferPointer { bytes in
            (
                BN_bin2bn(bytes.baseAddress, Int32(half), nil),
                BN_bin2bn(bytes.baseAddress.map { $0 + half }, Int32(half), nil)
            )
        }
        guard let first, let second, ECDSA_SIG_set0(numbers, first, second) == 1 else {
            BN_free(first)
            BN_free(second)
            return nil
        }
        let length = i2d_ECDSA_SIG(numbers, nil)
        guard length > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { space, count in
            var next = space.baseAddress
            count = max(0, Int(i2d_ECDSA_SIG(numbers, &next)))
        }
    }
}
