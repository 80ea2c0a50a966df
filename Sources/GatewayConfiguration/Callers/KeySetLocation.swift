import GatewayDocuments
import GatewayJSON

/// Where an issuer's key set is.
package enum KeySetLocation: Sendable, Equatable {
    /// A file, with what stood in it; empty where it was not looked for.
    case file(path: String, bytes: [UInt8])
    case url(HTTPURL)
    /// Below the issuer's own URL, as its discovery document says (OpenID Connect Discovery 1.0).
    case discovery
}

extension ValueKind where Value == KeySetLocation {
    static var keySet: ValueKind {
        let expected = "{\"url\": \"https://…\"}, {\"discovery\": true} or {\"file\": \"jwks.json\"}"
        return ValueKind(
            typeName: "object",
            schema: [
                .init("type", "object"), .init("minProperties", 1), .init("maxProperties", 1),
                .init("additionalProperties", false),
                .init(
                    "properties",
                    [
                        "file": ["type": "string", "minLength": 1], "url": ["type": "string", "format": "uri"],
                        "discovery": ["const": true],
                    ]),
            ],
            expected: expected,
            read: { place, context in
                place.readObject { members in
                    members.requireExactlyOne(["url", "discovery", "file"])
                    let (url, discovery, file) = (
                        members.optional("url"), members.optional("discovery"), members.optional("file")
                    )
                    if let url { return Self.url(url) }
                    if let file { return Self.file(file, context) }
                    guard let discovery else { return nil }
                    if discovery.node?.bool == true { return .discovery }
                    discovery.refuse(expected: "true", .true)
                    return nil
                }
            },
            render: { location in
                switch location {
                case .file(let path, _): ["file": .string(path)]
                case .url(let url): ["url": .string(url.description)]
                case .discovery: ["discovery": true]
                }
            })
    }

    private static func url(_ place: Place) -> KeySetLocation? {
        guard let text = place.text() else { return nil }
        do throws(HTTPURL.ParsingError) {
            let url = try HTTPURL(parsing: text)
            guard url.scheme == .https || HTTPURL.isLoopback(host: url.host) else {
                place.refuse("keys that come unencrypted can be anybody's: expected a URL that begins with https://")
                return nil
            }
            return .url(url)
        } catch {
            place.refuse(error.sentence)
            return nil
        }
    }

    private static func file(_ place: Place, _ context: ReadingContext) -> KeySetLocation? {
        guard let written = place.text() else { return nil }
        let path = context.resolve(written)
        guard context.inputs.secrets != .ignored else { return .file(path: path, bytes: []) }
        switch context.read(path, bytesMax: 256 << 10) {
        case .success(let bytes):
            return .file(path: path, bytes: bytes)
        case .failure(let error):
            place.report(error, of: path, context)
            return .file(path: path, bytes: [])
        }
    }
}

extension ValueKind where Value == String {
    /// `iss`: any text without control characters; most are URLs.
    static var issuerName: ValueKind {
        .text(
            typeName: "text", expected: "the issuer as its tokens name it", schema: [.init("minLength", 1)],
            isValid: { !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } })
    }
}

extension ValueKind where Value == [String] {
    /// One or more texts, each once.
    static func texts(noun: String) -> ValueKind {
        let expected = "a list with at least \(noun)"
        return ValueKind(
            typeName: "list of texts",
            schema: [
                .init("type", "array"), .init("minItems", 1), .init("uniqueItems", true),
                .init("items", ["type": "string", "minLength": 1]),
            ],
            expected: expected,
            read: { place, _ in
                guard place.node?.kind == .array, !place.elements.isEmpty else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                let texts = place.texts()
                for (index, text) in texts.enumerated() where texts[..<index].contains(text) {
                    place.refuse("\"\(text)\" stands in this list twice")
                }
                return texts.isEmpty ? nil : texts
            },
            render: { .array($0.map { .string($0) }) })
    }
}
