import GatewayDocuments
import GatewayJSON

/// An object of `gateway.json`.
///
/// Its initialiser reads the keys and, by the same calls, declares them: there is no second table
/// that could disagree. So it must read every key on every path, before anything can make it return;
/// it runs once on an empty object to make the schema and the reference.
protocol ConfigurationObject {
    /// Nil where a required key is missing or wrong, which `reader` has then reported.
    init?(reading reader: KeyReader)
}

/// An object in which every key has a default, so that it can be left out.
protocol DefaultedObject: ConfigurationObject {
    init(reading reader: KeyReader)
}

/// Reads the keys of one object of `gateway.json`, and declares them while it reads: their defaults, examples and
/// meanings make the schema and the reference.
///
/// A wrong value counts as its default until the end, when the whole result is thrown away.
final class KeyReader {
    /// What reads the document and reports mistakes.
    let members: ObjectReader
    let context: ReadingContext
    /// Whether only the declarations are wanted, of every optional object too.
    let isDescribing: Bool
    var declarations: [KeyDeclaration] = []
    var rules: [KeyRule] = []
    var rendered: [RenderedValue.Member] = []

    init(_ members: ObjectReader, context: ReadingContext, isDescribing: Bool) {
        self.members = members
        self.context = context
        self.isDescribing = isDescribing
    }

    /// The key under which this object stands: for a target its name.
    var name: String { self.members.name }

    /// What was declared so far.
    var description: ObjectDescription { ObjectDescription(keys: self.declarations, rules: self.rules) }

    /// What was read so far, with defaults.
    var inForce: RenderedValue { .object(self.rendered) }

    /// A key with a default.
    func value<Value>(
        _ name: String, _ kind: ValueKind<Value>, default standard: Value, _ summary: String,
        examples: @autoclosure () -> [RenderedValue], takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Value {
        self.declare(
            name, summary, standard: .value(kind.render(standard)), examples(), takesEffect,
            .value(kind.description))
        let value = self.members.optional(name).flatMap { kind.read($0, self.context) } ?? standard
        self.rendered.append(.init(name, kind.render(value)))
        return value
    }

    /// A key that may be left out, and then has no value.
    func optional<Value>(
        _ name: String, _ kind: ValueKind<Value>, absent: String, _ summary: String,
        examples: @autoclosure () -> [RenderedValue], takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Value? {
        self.declare(
            name, summary, standard: .absent(absent), examples(), takesEffect,
            .value(kind.description))
        guard let value = self.members.optional(name).flatMap({ kind.read($0, self.context) }) else { return nil }
        self.rendered.append(.init(name, kind.render(value)))
        return value
    }

    /// A key that must be there.
    func required<Value>(
        _ name: String, _ kind: ValueKind<Value>, _ summary: String,
        examples: @autoclosure () -> [RenderedValue], takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Value? {
        self.declare(
            name, summary, isRequired: true, standard: .none, examples(), takesEffect,
            .value(kind.description))
        guard let place = self.members.required(name, expected: kind.expected),
            let value = kind.read(place, self.context)
        else { return nil }
        self.rendered.append(.init(name, kind.render(value)))
        return value
    }

    /// Exactly one of these keys must be there.
    func requireExactlyOne(_ names: String...) {
        self.rules.append(.exactlyOne(names))
        self.members.requireExactlyOne(names)
    }

    /// These two keys belong together.
    func requireTogether(_ one: String, _ other: String) {
        self.rules.append(.together(one, other))
        self.members.requireTogether(one, other)
    }

    /// What is only for a description is not made while a document is read: a configuration of a thousand targets would
    /// make it a thousand times.
    func declare(
        _ name: String, _ summary: String, isRequired: Bool = false,
        standard: @autoclosure () -> KeyDeclaration.Standard, _ examples: @autoclosure () -> [RenderedValue],
        _ takesEffect: KeyDeclaration.TakesEffect, _ shape: @autoclosure () -> KeyDeclaration.Shape
    ) {
        guard self.isDescribing else { return }
        self.declarations.append(
            KeyDeclaration(
                name: name, summary: summary, isRequired: isRequired, standard: standard(),
                examples: examples(), takesEffect: takesEffect, shape: shape()))
    }
}
