package import GatewayJSON

/// The envelope of a vendor request: JSON with holes for the fields, the id, parameters, and what was read.
package struct BodyTemplate: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
        case json([UInt8])
        /// A string with holes, or one hole that is a value of its own.
        case text(TextTemplate)
        /// The object of the mapped fields.
        case fields
        /// The members of that object, behind those that stand before it in the same object.
        case members
        /// The list of actions.
        case actions
    }

    package let parts: [Part]
    /// The tokens from the body's root to the object of the fields.
    package let fieldsPath: [String]
    /// Whether the fields are written as a list of actions.
    package var hasActions: Bool { self.parts.contains(.actions) }
    package var hasFields: Bool { self.parts.contains { $0 == .fields || $0 == .members || $0 == .actions } }

    /// What can be wrong with an envelope.
    package enum ReadingError: Error, Equatable {
        case noFields
        case severalFields
        case unknownHole(String)
        case membersNotLast
    }

    /// Reads an envelope: any JSON in which one of `"{fields}"`, `"...": "{fields}"` and `"{actions}"` stands once, and
    /// the holes of a `TextTemplate` as often as wanted.
    ///
    /// - Parameter needsFields: false for a request that says all by its address, such as one to publish.
    package init(_ node: JSONNode, needsFields: Bool = true) throws(ReadingError) {
        var reader = Reader()
        try reader.read(node, at: [])
        if !reader.literal.isEmpty { reader.parts.append(.json(reader.literal)) }
        guard !needsFields || !reader.paths.isEmpty else { throw .noFields }
        guard reader.paths.count <= 1 else { throw .severalFields }
        self.parts = reader.parts
        self.fieldsPath = reader.paths.first ?? []
    }

    init(parts: [Part], fieldsPath: [String]) {
        self.parts = parts
        self.fieldsPath = fieldsPath
    }

    var texts: [TextTemplate] {
        self.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    package var parameters: [String] { self.texts.flatMap(\.parameters) }
    package var taken: [Taken] { self.texts.flatMap(\.taken) }
    package var hasLocale: Bool { self.texts.contains(where: \.hasLocale) }

    private struct Reader {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var paths: [[String]] = []

        /// Recursive; the parser's depth limit bounds it.
        mutating func read(_ node: JSONNode, at path: [String]) throws(ReadingError) {
            switch node.kind {
            case .object:
                self.literal.append(UInt8(ascii: "{"))
                let members = node.members
                for (position, member) in members.enumerated() {
                    if member.name == "...", member.value.string == "{fields}" {
                        guard position == members.count - 1, position > 0 else { throw .membersNotLast }
                        self.hole(.members, at: path)
                        continue
                    }
                    if position > 0 { self.literal.append(UInt8(ascii: ",")) }
                    self.literal.append(quoting: member.name)
                    self.literal.append(UInt8(ascii: ":"))
                    try self.read(member.value, at: path + [member.name])
                }
                self.literal.append(UInt8(ascii: "}"))
            case .array:
                self.literal.append(UInt8(ascii: "["))
                for (position, element) in node.elements.enumerated() {
                    if position > 0 { self.literal.append(UInt8(ascii: ",")) }
                    try self.read(element, at: path + [String(position)])
                }
                self.literal.append(UInt8(ascii: "]"))
            case .string:
                try self.read(node.string ?? "", raw: node.rawBytes, at: path)
            default:
                self.literal.append(contentsOf: node.rawBytes)
            }
        }

        private mutating func read(_ text: String, raw: ArraySlice<UInt8>, at path: [String]) throws(ReadingError) {
            if text == "{fields}" { return self.hole(.fields, at: path) }
            if text == "{actions}" { return self.hole(.actions, at: path) }
            let template: TextTemplate
            do throws(TextTemplate.ReadingError) {
                template = try TextTemplate(text)
            } catch {
                switch error {
                case .unknownHole(let name): throw .unknownHole(name)
                }
            }
            guard template.constant == nil else {
                self.literal.append(contentsOf: raw)
                return
            }
            if !self.literal.isEmpty { self.parts.append(.json(self.literal)) }
            self.literal = []
            self.parts.append(.text(template))
        }

        private mutating func hole(_ part: Part, at path: [String]) {
            if !self.literal.isEmpty { self.parts.append(.json(self.literal)) }
            self.literal = []
            self.parts.append(part)
            self.paths.append(path)
        }
    }
}
