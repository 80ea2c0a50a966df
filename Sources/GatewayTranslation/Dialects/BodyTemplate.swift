package import GatewayJSON

/// The envelope of a vendor request: JSON with holes for the fields, the id and parameters.
package struct BodyTemplate: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
        case json([UInt8])
        case id
        case parameter(String)
        /// The object of the mapped fields.
        case fields
    }

    package let parts: [Part]
    /// The tokens from the body's root to the object of the fields.
    package let fieldsPath: [String]

    /// What can be wrong with an envelope.
    package enum ReadingError: Error, Equatable {
        case noFields
        case severalFields
    }

    /// Reads an envelope: any JSON in which the string `"{fields}"` stands once, `"{id}"` and
    /// `"{parameter:NAME}"` as often as wanted.
    package init(_ node: JSONNode) throws(ReadingError) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var paths: [[String]] = []
        Self.read(node, at: [], literal: &literal, parts: &parts, paths: &paths)
        if !literal.isEmpty { parts.append(.json(literal)) }
        guard let path = paths.first else { throw .noFields }
        guard paths.count == 1 else { throw .severalFields }
        self.parts = parts
        self.fieldsPath = path
    }

    package var parameters: [String] {
        self.parts.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func read(
        _ node: JSONNode, at path: [String], literal: inout [UInt8], parts: inout [Part], paths: inout [[String]]
    ) {
        switch node.kind {
        case .object:
            literal.append(UInt8(ascii: "{"))
            for (position, member) in node.members.enumerated() {
                if position > 0 { literal.append(UInt8(ascii: ",")) }
                literal.append(quoting: member.name)
                literal.append(UInt8(ascii: ":"))
                self.read(member.value, at: path + [member.name], literal: &literal, parts: &parts, paths: &paths)
            }
            literal.append(UInt8(ascii: "}"))
        case .array:
            literal.append(UInt8(ascii: "["))
            for (position, element) in node.elements.enumerated() {
                if position > 0 { literal.append(UInt8(ascii: ",")) }
                self.read(element, at: path + [String(position)], literal: &literal, parts: &parts, paths: &paths)
            }
            literal.append(UInt8(ascii: "]"))
        default:
            guard let part = self.hole(node.string) else {
                literal.append(contentsOf: node.rawBytes)
                return
            }
            if !literal.isEmpty { parts.append(.json(literal)) }
            literal = []
            parts.append(part)
            if part == .fields { paths.append(path) }
        }
    }

    private static func hole(_ string: String?) -> Part? {
        guard let string, string.hasPrefix("{"), string.hasSuffix("}") else { return nil }
        switch string {
        case "{fields}": return .fields
        case "{id}": return .id
        default:
            guard string.hasPrefix("{parameter:"), string.count > 12 else { return nil }
            return .parameter(String(string.dropFirst(11).dropLast()))
        }
    }
}
