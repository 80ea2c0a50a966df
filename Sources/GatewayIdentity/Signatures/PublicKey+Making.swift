internal import COpenSSL

extension PublicKey {
    /// RFC 7518 section 3.3 asks for no less. More than is in use anywhere would let whoever writes a key set make each
    /// verification slow.
    static let modulusBits = 2048...8192
    /// Exponents are small and odd (FIPS 186-5 section 5.4 e); a longer one makes verification as slow as signing.
    private static let exponentBitsMax: Int32 = 64

    /// An RSA key of its modulus and exponent; nil where they are no key, or one that is too small or too large.
    static func rsa(modulus: [UInt8], exponent: [UInt8]) -> PublicKey? {
        defer { ERR_clear_error() }
        guard modulus.count <= Self.modulusBits.upperBound / 8 + 1, exponent.count <= modulus.count,
            let n = BN_bin2bn(modulus, Int32(modulus.count), nil)
        else { return nil }
        defer { BN_free(n) }
        guard let e = BN_bin2bn(exponent, Int32(exponent.count), nil) else { return nil }
        defer { BN_free(e) }
        guard Self.modulusBits.contains(Int(BN_num_bits(n))), BN_is_odd(n) == 1, BN_is_odd(e) == 1,
            (2...Self.exponentBitsMax).contains(BN_num_bits(e))
        else { return nil }
        return Self.make("RSA", .rsa) { builder in
            gateway_OSSL_PARAM_BLD_push_rsa(builder, n, e) == 1
        }
    }

    /// A key on one of the curves P-256 and P-384; nil where the coordinates are not in full length (RFC 7518 section
    /// 6.2.1.2), or the point is not on the curve.
    static func elliptic(_ shape: KeyShape, x: [UInt8], y: [UInt8]) -> PublicKey? {
        guard shape.type == "EC", x.count == shape.coordinateBytes, y.count == shape.coordinateBytes else { return nil }
        defer { ERR_clear_error() }
        // Uncompressed (SEC 1 section 2.3.3).
        let point = [4] + x + y
        // The builder keeps pointers to both until it has made its parameters.
        return shape.rawValue.withCString { group in
            point.withUnsafeBytes { point in
                Self.make("EC", shape) { builder in
                    gateway_OSSL_PARAM_BLD_push_ec(builder, group, point.baseAddress, point.count) == 1
                }
            }
        }
    }

    /// A key on one of the Edwards curves; nil where it has another length, or is no point that signs anything.
    static func edwards(_ shape: KeyShape, x: [UInt8]) -> PublicKey? {
        guard shape.type == "OKP", EdwardsPoint.isUsable(x, shape) else { return nil }
        defer { ERR_clear_error() }
        let identifier = shape == .ed25519 ? EVP_PKEY_ED25519 : EVP_PKEY_ED448
        return EVP_PKEY_new_raw_public_key(identifier, nil, x, x.count).map { PublicKey(owning: $0, shape: shape) }
    }

    private static func make(
        _ type: String, _ shape: KeyShape, _ push: (OpaquePointer) -> Bool
    ) -> PublicKey? {
        guard let builder = OSSL_PARAM_BLD_new() else { return nil }
        defer { OSSL_PARAM_BLD_free(builder) }
        guard push(builder), let parameters = OSSL_PARAM_BLD_to_param(builder) else { return nil }
        defer { OSSL_PARAM_free(parameters) }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_fromdata_init(context) == 1,
            gateway_EVP_PKEY_fromdata_public(context, &key, parameters) == 1, let key
        else { return nil }
        let made = PublicKey(owning: key, shape: shape)
        // For a curve: that the point is on it, and not at infinity.
        guard let check = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(check) }
        return EVP_PKEY_public_check(check) == 1 ? made : nil
    }
}
