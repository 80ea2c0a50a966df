import GatewayDocuments
import GatewayJSON

/// What a PEM file is for, and so what must stand in it.
enum PEMContent: Sendable {
    case certificate
    case privateKey
    case revocationList

    /// The reason why this cannot be such a file; nil where it can. Looks at the labels only: that
    /// the content fits is found out where it is loaded.
    func objection(to bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .certificate:
            let isCertificate = text.contains("CERTIFICATE-----")
            return isCertificate ? nil : "holds no PEM certificate (-----BEGIN CERTIFICATE-----)"
        case .privateKey:
            if !text.contains("PRIVATE KEY-----") {
                return "holds no PEM private key (-----BEGIN PRIVATE KEY-----)"
            }
            let isEncrypted =
                text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
            return isEncrypted ? "holds a private key with a passphrase, which nobody could enter" : nil
        case .revocationList:
            let isList = text.contains("-----BEGIN X509 CRL-----")
            return isList ? nil : "holds no PEM revocation list (-----BEGIN X509 CRL-----)"
        }
    }
}

extension ValueKind where Value == String {
    /// The path of a PEM file, made independent of the working folder.
    static func file(_ content: PEMContent) -> ValueKind {
        let expected = "the path of a PEM file"
        return ValueKind(
            typeName: "path", schema: [.init("type", "string"), .init("minLength", 1)],
            expected: expected,
            read: { place, context in
                guard let written = place.node?.string, !written.isEmpty else {
                    place.refuse(expected: expected, .string)
                    return nil
                }
                let path = context.resolve(written)
                guard context.inputs.secrets != .ignored else { return path }
                // A chain of certificates has some KiB, a bundle of all public roots some 200 KiB.
                switch context.read(path, bytesMax: 4 << 20) {
                case .success(let bytes):
                    if let objection = content.objection(to: bytes) {
                        place.refuse("\(path) \(objection)")
                    }
                case .failure(let error):
                    place.report(error, of: path, context)
                }
                return path
            },
            render: { .string($0) })
    }
}

extension ValueKind where Value == String {
    /// The path of a file that the gateway writes, made independent of the working folder. It need not be there.
    static var writtenFile: ValueKind {
        let expected = "the path of a file"
        return ValueKind(
            typeName: "path", schema: [.init("type", "string"), .init("minLength", 1)], expected: expected,
            read: { place, context in
                guard let written = place.node?.string, !written.isEmpty, !written.hasSuffix("/") else {
                    place.refuse(expected: expected, .string)
                    return nil
                }
                return context.resolve(written)
            },
            render: { .string($0) })
    }
}

extension ValueKind where Value == DialectSource {
    /// A dialect document, or `{"file": path}` for one that stands in a file.
    static var dialect: ValueKind {
        let expected = "a dialect document, or {\"file\": \"dialects/name.json\"}"
        return ValueKind(
            typeName: "object", schema: [.init("$ref", "#/$defs/dialect")], expected: expected,
            read: { place, context in
                guard let node = place.node, node.kind == .object else {
                    place.refuse(expected: expected, .object)
                    return nil
                }
                let position = node.position
                var source = DialectSource(
                    name: place.path.lastName, path: nil, bytes: Array(node.rawBytes),
                    origin: DocumentOrigin(
                        file: place.origin.file, path: place.path, line: position.line, column: position.column))
                guard let file = node["file"] else { return source }
                guard let written = file.string, !written.isEmpty, node.members.count == 1 else {
                    place.refuse("expected \"file\" to be a path, and nothing beside it")
                    return nil
                }
                let path = context.resolve(written)
                // The four built-in dialects have some 10 KiB each.
                switch context.read(path, bytesMax: 1 << 20) {
                case .success(let bytes):
                    source.path = path
                    source.bytes = bytes
                    source.origin = DocumentOrigin(file: path)
                    return source
                case .failure(let error):
                    place.refuse("\(path) \(error)")
                    return nil
                }
            },
            render: { source in
                if let path = source.path { return ["file": .string(path)] }
                return .text(JSONText(bytes: source.bytes))
            })
    }
}
