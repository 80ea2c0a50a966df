import GatewayDocuments
import GatewayJSON

extension ValueKind where Value == String {
    /// A string that a function accepts.
    ///
    /// - Parameter hint: what to add to the message for a refused string; may be empty.
    static func text(
        typeName: String, expected: String, schema: [RenderedValue.Member],
        isValid: @escaping @Sendable (String) -> Bool,
        hint: @escaping @Sendable (String) -> String = { _ in "" }
    ) -> ValueKind {
        ValueKind(
            typeName: typeName, schema: [.init("type", "string")] + schema, expected: expected,
            read: { place, _ in
                let text = place.node?.string
                if let text, isValid(text) { return text }
                place.refuse(expected: expected, .string, hint: text.map(hint) ?? "")
                return nil
            },
            render: { .string($0) })
    }

    /// The place of the JSON Schema, for editors; the gateway itself does not look there.
    static var schemaReference: ValueKind {
        .text(
            typeName: "text", expected: "a path or URL such as \"./gateway.schema.json\"",
            schema: [], isValid: { !$0.isEmpty })
    }

    /// The `scope` of a token request (RFC 6749 §3.3).
    static var scope: ValueKind {
        .text(
            typeName: "text", expected: "scopes with a single space between them",
            schema: [.init("minLength", 1)],
            isValid: { text in
                let scopes = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
                return scopes.allSatisfy { scope in
                    !scope.isEmpty
                        && scope.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
                }
            })
    }

    /// The name of a header field (RFC 9110 §5.1) that the gateway does not write itself.
    static var fieldName: ValueKind {
        let own = ["host", "content-length", "connection", "transfer-encoding", "content-type", "te", "upgrade"]
        return .text(
            typeName: "name", expected: "the name of a header field or parameter such as \"x-auth-token\"",
            schema: [.init("minLength", 1)],
            isValid: { text in
                !text.isEmpty && !own.contains(text.lowercased())
                    && text.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
                            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    }
            })
    }

    /// A name that callers write in `?target=`; checked against `targets` once all are read.
    static var targetName: ValueKind {
        .text(
            typeName: "name", expected: "the name of a target",
            schema: [], isValid: { !$0.isEmpty })
    }

    /// A dialect that is built in or defined in this document.
    static var dialectName: ValueKind {
        let expected = "the name of a dialect"
        return ValueKind(
            typeName: "name", schema: [.init("type", "string")], expected: expected,
            read: { place, context in
                guard let name = place.node?.string, !name.isEmpty else {
                    place.refuse(expected: expected, .string)
                    return nil
                }
                let known = context.inputs.builtInDialects + context.definedDialects
                if known.contains(name) { return name }
                if let meant = Suggestion.closest(to: name, among: known) {
                    place.refuse("\(place.found) is no dialect; did you mean \"\(meant)\"?")
                } else {
                    let builtIn = context.inputs.builtInDialects.joined(separator: ", ")
                    place.refuse(
                        """
                        \(place.found) is no dialect; expected one that is built in (\(builtIn)) or \
                        defined under $.dialects
                        """)
                }
                return nil
            },
            render: { .string($0) })
    }
}

extension ValueKind where Value == [String] {
    /// RFC 6901 pointers to canonical fields. Whether there are such fields, the dialect knows.
    static var pointers: ValueKind {
        let expected = "a list of JSON Pointers such as [\"/customFields\"]"
        return ValueKind(
            typeName: "list of pointers",
            schema: [
                .init("type", "array"),
                .init("items", ["type": "string", "pattern": "^(/([^~/]|~[01])*)+$"]),
                .init("uniqueItems", true),
            ],
            expected: expected,
            read: { place, _ in
                guard place.node?.kind == .array else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                var pointers: [String] = []
                for element in place.elements {
                    let text = element.node?.string
                    guard let pointer = text, Self.isPointer(pointer) else {
                        element.refuse(
                            expected: "a JSON Pointer such as \"/customFields\"", .string,
                            hint: text?.hasPrefix("/") == false ? "it begins with a slash" : "")
                        continue
                    }
                    if pointers.contains(pointer) {
                        element.refuse("\(element.found) stands in this list twice")
                    } else {
                        pointers.append(pointer)
                    }
                }
                return pointers
            },
            render: { .array($0.map { .string($0) }) })
    }

    private static func isPointer(_ text: String) -> Bool {
        guard text.hasPrefix("/") else { return false }
        // RFC 6901 §3: a tilde is followed by 0 or 1.
        let pieces = text.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
        return pieces.allSatisfy { $0.hasPrefix("0") || $0.hasPrefix("1") }
    }
}

extension ValueKind where Value == [String: JSONText] {
    /// Texts under the dialect's parameter names; names and values the dialect checks.
    static var parameters: ValueKind {
        let expected = "an object with the dialect's parameters"
        return ValueKind(
            typeName: "object of texts",
            schema: [
                .init("type", "object"), .init("additionalProperties", ["type": "string"]),
            ],
            expected: expected,
            read: { place, _ in
                guard place.node?.kind == .object else {
                    place.refuse(expected: expected, .object)
                    return nil
                }
                var parameters: [String: JSONText] = [:]
                for (name, value) in place.entries {
                    if let node = value.node, node.kind == .string {
                        parameters[name] = JSONText(bytes: Array(node.rawBytes))
                    } else {
                        value.refuse(expected: "a text", .string, hint: "it stands in quotes")
                    }
                }
                return parameters
            },
            render: { parameters in
                .object(
                    parameters.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) })
            })
    }
}
