package import GatewayJSON

/// The keys by which an issuer's tokens are verified: a JWK Set (RFC 7517 section 5), read.
///
/// Immutable; used from all event loops at once.
package struct KeySet: Sendable {
    let keys: [IssuerKey]
    /// How many members of the set were left out, and why the first was.
    package let leftOut: Int
    package let firstObjection: String?

    package var count: Int { self.keys.count }

    /// The names of the keys that have one.
    package var ids: [ExactText] { self.keys.compactMap(\.id) }

    /// Why a text is no set of keys to verify with.
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case tooLarge
        case notJSON
        /// No object with an array `keys`.
        case noSet
        case tooManyKeys
        /// Nothing in it can verify a token.
        case noUsableKey(reason: String?)

        package var description: String {
            switch self {
            case .tooLarge: "the key set is larger than \(KeySet.bytesMax) bytes"
            case .notJSON: "the key set is not JSON, or has a member twice outside its keys"
            case .noSet: "the key set is no object with an array \"keys\""
            case .tooManyKeys: "the key set has more than \(KeySet.keysMax) keys"
            case .noUsableKey(nil): "the key set is empty"
            case .noUsableKey(let reason?): "no key of the set can verify tokens: \(reason)"
            }
        }
    }

    /// The largest sets in use, of providers with many tenants, have some ten KiB.
    package static let bytesMax = 256 * 1024
    /// An issuer has two or three, and one for each algorithm.
    package static let keysMax = 100

    /// Reads a set. What a single key is wrong in leaves only that key out: sets have keys for other purposes, and of
    /// kinds that are yet to come.
    package init(parsing text: [UInt8]) throws(Failure) {
        guard text.count <= Self.bytesMax else { throw .tooLarge }
        guard let document = KeySetText.document(of: text) else { throw .notJSON }
        guard let members = document.root["keys"], members.kind == .array else { throw .noSet }
        let elements = members.elements
        guard elements.count <= Self.keysMax else { throw .tooManyKeys }
        var keys: [IssuerKey] = []
        var objections: [IssuerKey.Objection] = []
        for element in elements {
            do throws(IssuerKey.Objection) {
                let key = try IssuerKey(element)
                guard key.id == nil || keys.count(where: { $0.id == key.id }) < Self.sameNameMax else {
                    throw .oneTooMany
                }
                keys.append(key)
            } catch {
                objections.append(error)
            }
        }
        self.keys = keys
        self.leftOut = objections.count
        self.firstObjection = objections.first?.sentence
        guard !keys.isEmpty else { throw .noUsableKey(reason: objections.first?.sentence) }
    }

    /// What the keys of the set say of a token.
    enum Finding: Equatable {
        case verified
        case badSignature
        /// No key of that name: the set may be an old one.
        case unknownKey
        /// There are keys, but none that the token's header can mean, or several that it can.
        case noFittingKey
    }

    /// Holds a token against the keys that its header means.
    func verify(_ token: CompactToken) -> Finding {
        let header = token.header
        let fitting = self.keys.filter { $0.fits(header) }
        if let id = header.keyID {
            guard !fitting.isEmpty else { return self.keys.contains { $0.id == id } ? .noFittingKey : .unknownKey }
        } else {
            guard fitting.count == 1 else { return .noFittingKey }
        }
        let isSigned = fitting.contains {
            $0.key.verifies(token.signature, of: token.signedBytes, by: header.algorithm)
        }
        return isSigned ? .verified : .badSignature
    }

    /// Keys of one name are tried in turn: an issuer that gives one to several does so for a change of keys.
    static let sameNameMax = 4
}

extension IssuerKey.Objection {
    var sentence: String {
        switch self {
        case .unknownKind: "a type, curve or algorithm that is not supported"
        case .otherUse: "not for verifying signatures"
        case .isPrivate: "the private part of a key is in the set"
        case .oneTooMany: "one of more than \(KeySet.sameNameMax) keys with the same name"
        case .broken: "a member of the key is missing or wrong, or the key too small"
        }
    }
}
