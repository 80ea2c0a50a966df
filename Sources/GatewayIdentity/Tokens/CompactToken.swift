package import GatewayJSON

/// A signed token in its compact form (RFC 7515 section 7.1), taken apart and not yet believed.
package struct CompactToken: Sendable {
    let header: TokenHeader
    let payload: [UInt8]
    let signature: [UInt8]
    /// Header and payload as they came: what is signed.
    let signedBytes: [UInt8]

    /// Tokens with many claims reach some KiB; most servers take 8 KiB of a field.
    package static let bytesMax = 8 * 1024
    /// Thumbprints and UUIDs have some forty bytes.
    static let keyIDBytesMax = 256

    /// Nothing in a header or in claims is deeper in use; it is walked by recursion nowhere.
    static let limits = JSONLimits(bytesMax: CompactToken.bytesMax, depthMax: 16)

    package init(_ text: UnsafeBufferPointer<UInt8>) throws(TokenRefusal) {
        guard text.count <= Self.bytesMax else { throw .tooLong }
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { throw .malformed }
        guard let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let document = try? JSONDocument(parsing: header, limits: Self.limits)
        else { throw .malformed }
        self.header = try TokenHeader(document.root)
        self.payload = payload
        self.signature = signature
        self.signedBytes = Array(text[..<(parts[2].startIndex - 1)])
    }

    package init(_ text: [UInt8]) throws(TokenRefusal) {
        let result: Result<CompactToken, TokenRefusal> = text.withUnsafeBufferPointer { bytes in
            do throws(TokenRefusal) {
                return .success(try CompactToken(bytes))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// The algorithm that the header names.
    package var algorithm: SignatureAlgorithm { self.header.algorithm }
    /// The key that the header names.
    package var keyID: ExactText? { self.header.keyID }

    /// Whether the keys of a set have signed it, whatever it says: no claim is looked at.
    package func checkSignature(_ keys: KeySet) throws(TokenRefusal) {
        switch keys.verify(self) {
        case .verified: return
        case .badSignature: throw .signature
        case .unknownKey: throw .unknownKey
        case .noFittingKey: throw .noFittingKey
        }
    }
}
