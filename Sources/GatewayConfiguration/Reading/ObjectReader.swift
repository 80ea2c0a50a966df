import GatewayJSON

/// Reads the keys of one object of the document, and declares them while it reads.
///
/// Mistakes are reported to the context and reading goes on, so that all are found at once: a wrong
/// value counts as its default until the end, when the whole result is thrown away.
final class ObjectReader {
    private let place: Place
    /// The object itself; nil where it is absent or of another kind.
    let node: JSONNode?
    private var declarations: [KeyDeclaration] = []
    private var rules: [KeyRule] = []
    private var rendered: [RenderedValue.Member] = []
    private let isDescribing: Bool

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

    // MARK: - Values

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

    // MARK: - Objects

    /// An object in which every key has a default.
    func object<Object: DefaultedObject>(
        _ name: String, _: Object.Type, _ summary: String,
        takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Object {
        let reader = self.reader(for: name)
        let object = Object(reading: reader)
        self.declare(name, summary, standard: .members, [], takesEffect, .object(reader.description))
        reader.finish()
        self.rendered.append(.init(name, reader.inForce))
        return object
    }

    /// An object that may be left out, and then is not there.
    func optionalObject<Object: ConfigurationObject>(
        _ name: String, _: Object.Type, absent: String, _ summary: String,
        isConfidential: Bool = false, takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Object? {
        // Known as a key in any case; only a description looks inside an absent object.
        guard self.isPresent(name) || self.isDescribing else {
            self.declare(
                name, summary, standard: .absent(absent), [], takesEffect,
                .object(ObjectDescription(keys: [], rules: [])))
            return nil
        }
        let reader = self.reader(for: name, isConfidential: isConfidential)
        let object = Object(reading: reader)
        self.declare(
            name, summary, standard: .absent(absent), [], takesEffect, .object(reader.description))
        reader.finish()
        self.rendered.append(.init(name, reader.inForce))
        return object
    }

    /// Objects under names that the operator chooses.
    func map<Object: ConfigurationObject>(
        _ name: String, of _: Object.Type, isRequired: Bool, _ summary: String
    ) -> [String: Object] {
        var objects: [String: Object] = [:]
        var rendered: [RenderedValue.Member] = []
        if self.isDescribing {
            let reader = ObjectReader(self.place(of: name, nil), node: nil, isDescribing: true)
            _ = Object(reading: reader)
            self.declare(
                name, summary, isRequired: isRequired, standard: isRequired ? .none : .value([:]),
                [], .reload, .map(element: .object(reader.description)))
        } else {
            self.declare(
                name, summary, isRequired: isRequired, standard: .none, [], .reload,
                .map(element: .object(ObjectDescription(keys: [], rules: []))))
        }
        for (key, place) in self.entries(of: name, isRequired: isRequired) {
            let reader = ObjectReader(place, node: Self.asObject(place), isDescribing: false)
            if let object = Object(reading: reader) { objects[key] = object }
            reader.finish()
            rendered.append(.init(key, reader.inForce))
        }
        self.rendered.append(.init(name, .object(rendered)))
        return objects
    }

    /// Single values under names that the operator chooses.
    func map<Value>(
        _ name: String, of kind: ValueKind<Value>, _ summary: String, examples: [RenderedValue]
    ) -> [String: Value] {
        self.declare(
            name, summary, standard: .value([:]), examples, .reload,
            .map(element: .value(kind.description)))
        var values: [String: Value] = [:]
        var rendered: [RenderedValue.Member] = []
        for (key, place) in self.entries(of: name, isRequired: false) {
            guard let node = place.node, let value = kind.read(node, place) else { continue }
            values[key] = value
            rendered.append(.init(key, kind.render(value)))
        }
        self.rendered.append(.init(name, .object(rendered)))
        return values
    }

    private func entries(of name: String, isRequired: Bool) -> [(name: String, place: Place)] {
        guard let node = self.node?[name] else {
            if isRequired { self.reportMissing(name, expected: "an object") }
            return []
        }
        let place = self.place(of: name, node)
        guard Self.asObject(place) != nil else { return [] }
        if isRequired, node.members.isEmpty { place.refuse("expected at least one, found none") }
        return node.members.compactMap { member in
            let inner = Place(
                context: place.context, path: place.path.appending(member.name),
                node: member.value, isConfidential: place.isConfidential)
            guard GivenName.isValid(member.name) else {
                inner.refuse("this name cannot be used: expected \(GivenName.words)")
                return nil
            }
            return (member.name, inner)
        }
    }

    // MARK: - Rules between keys

    /// Exactly one of these keys must be there.
    func requireExactlyOne(_ names: String...) {
        self.rules.append(.exactlyOne(names))
        guard let node = self.node else { return }
        let present = names.filter { self.isPresent($0) }
        if present.count == 1 { return }
        let found = present.isEmpty ? "neither" : "both"
        // A misspelt key is reported as that; to miss it as well would only be noise.
        let isMisspelt = node.members.contains { member in
            Suggestion.nearest(to: member.name, among: names).map { $0 != member.name } ?? false
        }
        if present.isEmpty, isMisspelt { return }
        self.place.refuse("expected exactly one of \(names.joined(separator: " and ")), found \(found)")
    }

    /// These two keys belong together.
    func requireTogether(_ one: String, _ other: String) {
        self.rules.append(.together(one, other))
        for (present, missing) in [(one, other), (other, one)]
        where self.isPresent(present) && !self.isPresent(missing) {
            self.refuse(at: present, message: "needs \(missing) beside it")
        }
    }

    /// Reports a mistake at one of this object's keys (or a key within it), or at the object where
    /// the key is absent.
    func refuse(at names: String..., message: String) {
        self.report(.error, at: names, message)
    }

    /// As `refuse`, for something that is allowed and probably not meant.
    func warn(at names: String..., message: String) {
        self.report(.warning, at: names, message)
    }

    private func report(
        _ severity: ConfigurationDiagnostic.Severity, at names: [String], _ message: String
    ) {
        // A description reads no document that could have a mistake.
        guard !self.isDescribing else { return }
        var place = self.place
        for name in names {
            place = Place(
                context: place.context, path: place.path.appending(name),
                node: place.node?[name] ?? place.node, isConfidential: place.isConfidential)
        }
        place.report(severity, message)
    }

    /// Reports the keys that nobody has declared. Called when the object has been read.
    func finish() {
        let known = self.declarations.map(\.name)
        for member in self.node?.members ?? [] where !known.contains(member.name) {
            let place = self.place(of: member.name, member.value)
            if let suggestion = Suggestion.nearest(to: member.name, among: known) {
                place.refuse("unknown key; did you mean \"\(suggestion)\"?")
            } else {
                place.refuse("unknown key; the keys here are \(known.joined(separator: ", "))")
            }
        }
    }

    // MARK: - Parts

    private func declare(
        _ name: String, _ summary: String, isRequired: Bool = false,
        standard: KeyDeclaration.Standard, _ examples: [RenderedValue],
        _ takesEffect: KeyDeclaration.TakesEffect, _ shape: KeyDeclaration.Shape
    ) {
        self.declarations.append(
            KeyDeclaration(
                name: name, summary: summary, isRequired: isRequired, standard: standard,
                examples: examples, takesEffect: takesEffect, shape: shape))
    }

    private func reportMissing(_ name: String, expected: String) {
        // No object: a description is being made, or that it is none has been reported.
        guard self.node != nil else { return }
        self.place(of: name, nil).refuse("is missing: expected \(expected)")
    }

    private func reader(for name: String, isConfidential: Bool = false) -> ObjectReader {
        let node = self.node?[name]
        let place = Place(
            context: self.place.context, path: self.place.path.appending(name),
            node: node ?? self.place.node,
            isConfidential: isConfidential || self.place.isConfidential)
        let object = node == nil ? nil : Self.asObject(place)
        return ObjectReader(place, node: object, isDescribing: self.isDescribing)
    }

    private func place(of name: String, _ node: JSONNode?) -> Place {
        Place(
            context: self.place.context, path: self.place.path.appending(name),
            node: node ?? self.place.node, isConfidential: self.place.isConfidential)
    }

    /// The node of a place if it is an object; reports it otherwise.
    private static func asObject(_ place: Place) -> JSONNode? {
        guard let node = place.node else { return nil }
        if node.kind == .object { return node }
        place.refuse(expected: "an object")
        return nil
    }
}
