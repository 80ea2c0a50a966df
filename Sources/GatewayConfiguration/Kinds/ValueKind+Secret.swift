import GatewayDocuments
import GatewayJSON

extension ValueKind where Value == Secret {
    /// Where a secret is read from, and the secret itself as far as the policy wants it read.
    static func secret(_ use: SecretUse) -> ValueKind {
        let expected = "{\"env\": \"NAME\"} or {\"file\": \"/path\"}"
        return ValueKind(
            typeName: "secret", schema: [.init("$ref", "#/$defs/secret")], expected: expected,
            read: { place, context in
                guard place.node?.kind != .string else {
                    place.refuse(
                        """
                        expected \(expected), found the value itself: this file is copied, committed \
                        and shown, so put the value into an environment variable or a file and name \
                        that here
                        """)
                    return nil
                }
                guard let source = Self.source(place, context, expected: expected) else { return nil }
                return Self.resolve(source, for: use, place, context)
            },
            render: { secret in
                switch secret.source {
                case .environment(let name): ["env": .string(name)]
                case .file(let path): ["file": .string(path)]
                }
            })
    }

    private static func source(
        _ place: Place, _ context: ReadingContext, expected: String
    ) -> SecretSource? {
        let members = place.node?.members ?? []
        guard members.count == 1, let text = members[0].value.string, !text.isEmpty else {
            place.refuse("expected \(expected), found something else")
            return nil
        }
        switch members[0].name {
        case "file":
            return .file(path: context.resolve(text))
        case "env":
            if Self.isVariableName(text) { return .environment(name: text) }
            place.refuse("expected the name of an environment variable, such as EP_CLIENT_SECRET")
            return nil
        default:
            place.refuse("expected \(expected), found another key")
            return nil
        }
    }

    /// POSIX names. Anything else is more likely the secret itself, and so is not quoted anywhere.
    private static func isVariableName(_ text: String) -> Bool {
        let isFirstDigit = text.utf8.first.map { (0x30...0x39).contains($0) } ?? true
        return !isFirstDigit
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func resolve(
        _ source: SecretSource, for use: SecretUse, _ place: Place, _ context: ReadingContext
    ) -> Secret? {
        guard context.inputs.secrets != .ignored else { return Secret(source: source, bytes: nil) }
        let raw: [UInt8]
        switch source {
        case .environment(let name):
            guard let value = context.inputs.environment(name) else {
                place.reportAbsence("\(source) is not set", context)
                return Secret(source: source, bytes: nil)
            }
            raw = Array(value.utf8)
        case .file(let path):
            // Tokens with many claims reach some KiB; header fields of 64 KiB nobody accepts.
            switch context.read(path, bytesMax: 64 << 10) {
            case .success(let bytes):
                raw = bytes
            case .failure(let error):
                place.report(error, of: "\(source)", context)
                return Secret(source: source, bytes: nil)
            }
        }
        let bytes = SecretUse.strippingLineEnd(raw)
        if let objection = use.objection(to: bytes) {
            place.refuse("\(source) \(objection)")
            return nil
        }
        return Secret(source: source, bytes: bytes)
    }
}

extension Place {
    /// A file of which only the real machine needs to have the content could not be read.
    func report(_ error: FileError, of file: String, _ context: ReadingContext) {
        if error.isAbsence {
            self.reportAbsence("\(file) \(error)", context)
        } else {
            self.refuse("\(file) \(error)")
        }
    }

    /// Something that only the real machine has is not on this one.
    func reportAbsence(_ message: String, _ context: ReadingContext) {
        switch context.inputs.secrets {
        case .required: self.refuse(message)
        case .reported: self.warn("\(message) on this machine; `run` needs it")
        case .ignored: break
        }
    }
}
