internal import COpenSSL
import GatewayJSON

/// An issuer of tokens with a key of its own, made in memory: for the sandbox and for tests, never for production.
///
/// The key ends with the value; nothing can be signed with it afterwards. Confined to one thread.
package final class DevelopmentIssuer {
    /// What `kid` says in its tokens.
    package static let keyID = "development-1"

    private let key: OpaquePointer  // EVP_PKEY *
    private let publicKey: [UInt8]

    /// An issuer with a new Ed25519 key; nil where the library has none, or no random numbers.
    package init?() {
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_keygen(context, &made) == 1, let key = made else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: KeyShape.ed25519.coordinateBytes)
        var count = bytes.count
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == bytes.count else {
            EVP_PKEY_free(key)
            return nil
        }
        self.key = key
        self.publicKey = bytes
    }

    deinit {
        EVP_PKEY_free(self.key)
    }

    /// The public keys by which its tokens are verified: a JWK Set (RFC 7517, RFC 8037).
    package var keySet: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { writer in
            writer.array("keys") { writer in
                writer.object { writer in
                    writer.member("kty", KeyShape.ed25519.type)
                    writer.member("crv", KeyShape.ed25519.rawValue)
                    writer.member("x", String(decoding: Base64URL.encode(self.publicKey), as: UTF8.self))
                    writer.member("alg", SignatureAlgorithm.edDSA.rawValue)
                    writer.member("use", "sig")
                    writer.member("kid", Self.keyID)
                }
            }
        }
        return writer.bytes
    }

    /// A signed access token (RFC 9068) in its compact form; nil where the library cannot sign.
    ///
    /// - Parameter claims: one JSON object.
    package func token(claims: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        var header = JSONWriter(reservingCapacity: 128)
        header.object { writer in
            writer.member("alg", SignatureAlgorithm.edDSA.rawValue)
            writer.member("typ", "at+jwt")
            writer.member("kid", Self.keyID)
        }
        let signed = Base64URL.encode(header.bytes) + [UInt8(ascii: ".")] + Base64URL.encode(claims)
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 2 * KeyShape.ed25519.coordinateBytes)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, self.key) == 1,
            EVP_DigestSign(context, &signature, &count, signed, signed.count) == 1, count == signature.count
        else { return nil }
        return signed + [UInt8(ascii: ".")] + Base64URL.encode(signature)
    }
}
