import GatewayJSON

/// Reads the keys of one object of the document, and declares them while it reads.
///
/// Mistakes are reported to the context and reading goes on, so that all are found at once: a wrong
/// value counts as its default until the end, when the whole result is thrown away.
final class ObjectReader {
    let place: Place
    /// The object itself; nil where it is absent or of another kind.
    let node: JSONNode?
    var declarations: [KeyDeclaration] = []
    var rules: [KeyRule] = []
    var rendered: [RenderedValue.Member] = []
    let isDescribing: Bool

    /// - Parameters:
    ///   - node: the object; nil where it is absent or no object, which reads as an empty one in
    ///     which nothing is missed.
    ///   - isDescribing: whether only the declarations are wanted, of every optional object too.
    init(_ place: Place, node: JSONNode?, isDescribing: Bool) {
        self.place = place
        self.node = node
        self.isDescribing = isDescribing
    }

    /// The key under which this object stands: for a target its name.
    var name: String { self.place.path.lastName }

    /// What was declared so far.
    var description: ObjectDescription {
        ObjectDescription(keys: self.declarations, rules: self.rules)
    }

    /// What was read so far, with defaults.
    var inForce: RenderedValue { .object(self.rendered) }

    /// The dialects that need no definition.
    var builtInDialects: [String] { self.place.context.inputs.builtInDialects }

    /// Whether the document has that key.
    func isPresent(_ name: String) -> Bool { self.node?[name] != nil }

    /// A key with a default.
    func value<Value>(
        _ name: String, _ kind: ValueKind<Value>, default standard: Value, _ summary: String,
        examples: [RenderedValue], takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Value {
        self.declare(
            name, summary, standard: .value(kind.render(standard)), examples, takesEffect,
            .value(kind.description))
        let value = self.read(name, kind) ?? standard
        self.rendered.append(.init(name, kind.render(value)))
        return value
    }

    /// A key that may be left out, and then has no value.
    func optional<Value>(
        _ name: String, _ kind: ValueKind<Value>, absent: String, _ summary: String,
        examples: [RenderedValue], takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Value? {
        self.declare(
            name, summary, standard: .absent(absent), examples, takesEffect,
            .value(kind.description))
        guard let value = self.read(name, kind) else { return nil }
        self.rendered.append(.init(name, kind.render(value)))
        return value
    }

    /// A key that must be there.
    func required<Value>(
        _ name: String, _ kind: ValueKind<Value>, _ summary: String, examples: [RenderedValue],
        takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Value? {
        self.declare(
            name, summary, isRequired: true, standard: .none, examples, takesEffect,
            .value(kind.description))
        if !self.isPresent(name) {
            self.reportMissing(name, expected: kind.expected)
            return nil
        }
        guard let value = self.read(name, kind) else { return nil }
        self.rendered.append(.init(name, kind.render(value)))
        return value
    }

    private func read<Value>(_ name: String, _ kind: ValueKind<Value>) -> Value? {
        guard let node = self.node?[name] else { return nil }
        return kind.read(node, self.place(of: name, node))
    }

    func declare(
        _ name: String, _ summary: String, isRequired: Bool = false,
        standard: KeyDeclaration.Standard, _ examples: [RenderedValue],
        _ takesEffect: KeyDeclaration.TakesEffect, _ shape: KeyDeclaration.Shape
    ) {
        self.declarations.append(
            KeyDeclaration(
                name: name, summary: summary, isRequired: isRequired, standard: standard,
                examples: examples, takesEffect: takesEffect, shape: shape))
    }

    func reportMissing(_ name: String, expected: String) {
        // No object: a description is being made, or that it is none has been reported.
        guard self.node != nil else { return }
        self.place(of: name, nil).refuse("is missing: expected \(expected)")
    }

    func reader(for name: String, isConfidential: Bool = false) -> ObjectReader {
        let node = self.node?[name]
        let place = Place(
            context: self.place.context, path: self.place.path.appending(name),
            node: node ?? self.place.node,
            isConfidential: isConfidential || self.place.isConfidential)
        let object = node == nil ? nil : Self.asObject(place)
        return ObjectReader(place, node: object, isDescribing: self.isDescribing)
    }

    func place(of name: String, _ node: JSONNode?) -> Place {
        Place(
            context: self.place.context, path: self.place.path.appending(name),
            node: node ?? self.place.node, isConfidential: self.place.isConfidential)
    }

    /// The node of a place if it is an object; reports it otherwise.
    static func asObject(_ place: Place) -> JSONNode? {
        guard let node = place.node else { return nil }
        if node.kind == .object { return node }
        place.refuse(expected: "an object")
        return nil
    }
}
