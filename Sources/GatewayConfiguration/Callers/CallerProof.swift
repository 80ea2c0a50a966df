import GatewayDocuments
package import GatewayJSON

/// What proves that a request is a caller's.
package enum CallerProof: Sendable, Equatable {
    /// A URI in the client certificate's alternative names, such as a SPIFFE id.
    case certificateURI(String)
    /// A DNS name in them, in lower case.
    case certificateDNSName(String)
    /// SHA-256 digests of API keys, in hexadecimal digits.
    case keys([String])
    case token(TokenProof)
}

/// What a token must say to be a caller's. At least one of subject, client and claims is there.
package struct TokenProof: Sendable, Equatable {
    /// A key of `issuers`.
    package var issuer: String
    package var subject: String?
    package var clientID: String?
    package var claims: [ExactText: String]

    package init(
        issuer: String, subject: String? = nil, clientID: String? = nil, claims: [ExactText: String] = [:]
    ) {
        self.issuer = issuer
        self.subject = subject
        self.clientID = clientID
        self.claims = claims
    }
}

extension ValueKind where Value == [CallerProof] {
    static var callerProofs: ValueKind {
        let expected = "a list of proofs such as [{\"mtls\": \"spiffe://example.org/pim\"}]"
        return ValueKind(
            typeName: "list of proofs",
            schema: [.init("type", "array"), .init("minItems", 1), .init("items", Self.schema)],
            expected: expected,
            read: { place, context in
                guard place.node?.kind == .array, !place.elements.isEmpty else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                return place.elements.compactMap { CallerProof.read($0, context) }
            },
            render: { .array($0.map(\.rendered)) })
    }

    private static var schema: RenderedValue {
        [
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
            "properties": [
                "mtls": ["type": "string", "pattern": "^(dns:|[A-Za-z][A-Za-z0-9+.-]*://).+$"],
                "keySHA256": [
                    "type": "array", "minItems": 1, "maxItems": 2,
                    "items": ["type": "string", "pattern": "^[0-9A-Fa-f]{64}$"],
                ],
                "jwt": [
                    "type": "object", "required": ["issuer"], "additionalProperties": false,
                    "properties": [
                        "issuer": ["type": "string"], "subject": ["type": "string", "minLength": 1],
                        "clientID": ["type": "string", "minLength": 1],
                        "claims": ["type": "object", "additionalProperties": ["type": "string"]],
                    ],
                ],
            ],
        ]
    }
}

extension CallerProof {
    fileprivate static func read(_ place: Place, _ context: ReadingContext) -> CallerProof? {
        place.readObject { members in
            members.requireExactlyOne(["mtls", "keySHA256", "jwt"])
            let (name, keys, token) = (
                members.optional("mtls"), members.optional("keySHA256"), members.optional("jwt")
            )
            if let name { return self.certificate(name) }
            if let keys { return self.keys(keys) }
            return token.flatMap { self.token($0, context) }
        }
    }

    private static func certificate(_ place: Place) -> CallerProof? {
        guard let text = place.text() else { return nil }
        if text.hasPrefix("dns:") {
            let name = text.dropFirst(4).lowercased()
            if HostName.isValid(name) { return .certificateDNSName(name) }
        } else if let scheme = text.firstRange(of: "://"), scheme.lowerBound > text.startIndex,
            scheme.upperBound < text.endIndex, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        {
            return .certificateURI(text)
        }
        place.refuse(
            "expected the URI or the DNS name of a certificate, such as \"spiffe://example.org/pim\" or "
                + "\"dns:pim.example.org\", found \(place.found)")
        return nil
    }

    private static func keys(_ place: Place) -> CallerProof? {
        Self.digests(place).map { .keys($0) }
    }

    /// The digests of one or two keys; nil where there is none.
    fileprivate static func digests(_ place: Place) -> [String]? {
        let expected = "one or two SHA-256 digests of 64 hexadecimal digits (product-gateway key new)"
        guard place.node?.kind == .array, (1...2).contains(place.elements.count) else {
            place.refuse(expected: expected, .array)
            return nil
        }
        var digests: [String] = []
        for element in place.elements {
            guard let text = element.node?.string, text.utf8.count == 64, text.allSatisfy(\.isHexDigit),
                text.utf8.count == text.count
            else {
                // It may be the key itself, which must not be shown.
                element.refuse("expected a SHA-256 digest of 64 hexadecimal digits, never the key itself")
                continue
            }
            if let known = KnownDigests.text(of: text.lowercased()) {
                element.refuse(
                    "is the digest of \(known.isEmpty ? "nothing at all" : "\"\(known)\""), which everybody knows; "
                        + "make a key with product-gateway key new")
                continue
            }
            digests.append(text.lowercased())
        }
        return digests.isEmpty ? nil : digests
    }

    private static func token(_ place: Place, _ context: ReadingContext) -> CallerProof? {
        place.readObject { members in
            let issuer = members.required("issuer", expected: "the name of an issuer")?.text()
            let subject = members.optional("subject").flatMap { $0.text() }
            let clientID = members.optional("clientID").flatMap { $0.text() }
            var claims: [ExactText: String] = [:]
            for (name, value) in members.optional("claims")?.entries ?? [] {
                if let text = value.text() { claims[ExactText(name)] = text }
            }
            guard let issuer else { return nil }
            if subject == nil, clientID == nil, claims.isEmpty, members.node != nil {
                place.refuse("expected subject, clientID or claims: otherwise every token of the issuer is this caller")
                return nil
            }
            return .token(TokenProof(issuer: issuer, subject: subject, clientID: clientID, claims: claims))
        }
    }

    fileprivate var rendered: RenderedValue {
        switch self {
        case .certificateURI(let name): ["mtls": .string(name)]
        case .certificateDNSName(let name): ["mtls": .string("dns:\(name)")]
        case .keys(let digests): ["keySHA256": .array(digests.map { .string($0) })]
        case .token(let proof):
            .object([
                .init(
                    "jwt",
                    .object(
                        [.init("issuer", .string(proof.issuer))]
                            + (proof.subject.map { [.init("subject", .string($0))] } ?? [])
                            + (proof.clientID.map { [.init("clientID", .string($0))] } ?? [])
                            + (proof.claims.isEmpty
                                ? []
                                : [
                                    .init(
                                        "claims",
                                        .object(
                                            proof.claims.sorted { $0.key < $1.key }.map {
                                                .init($0.key.description, .string($0.value))
                                            }))
                                ])))
            ])
        }
    }
}

extension ValueKind where Value == [String] {
    /// The SHA-256 digests of up to two keys.
    static var keyDigests: ValueKind {
        ValueKind(
            typeName: "list of digests",
            schema: [
                .init("type", "array"), .init("maxItems", 2),
                .init("items", ["type": "string", "pattern": "^[0-9A-Fa-f]{64}$"]),
            ],
            expected: "a list of SHA-256 digests",
            read: { place, _ in
                if place.node?.kind == .array, place.elements.isEmpty { return [] }
                return CallerProof.digests(place)
            },
            render: { .array($0.map { .string($0) }) })
    }
}
