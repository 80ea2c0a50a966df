import GatewayDocuments
import GatewayJSON

// Objects within the object.
extension KeyReader {
    /// An object in which every key has a default.
    func object<Object: DefaultedObject>(
        _ name: String, _: Object.Type, _ summary: String,
        takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Object {
        let (object, reader) = self.read(name, isConfidential: false) { Object(reading: $0) }
        self.declare(name, summary, standard: .members, [], takesEffect, .object(reader.description))
        return object
    }

    /// An object that may be left out, and then is not there.
    func optionalObject<Object: ConfigurationObject>(
        _ name: String, _: Object.Type, absent: String, _ summary: String,
        isConfidential: Bool = false, takesEffect: KeyDeclaration.TakesEffect = .reload
    ) -> Object? {
        // Known as a key in any case; only a description looks inside an absent object.
        guard self.members.isPresent(name) || self.isDescribing else {
            self.members.declare(name)
            self.declare(
                name, summary, standard: .absent(absent), [], takesEffect,
                .object(ObjectDescription(keys: [], rules: [])))
            return nil
        }
        let (object, reader) = self.read(name, isConfidential: isConfidential) { Object(reading: $0) }
        self.declare(
            name, summary, standard: .absent(absent), [], takesEffect, .object(reader.description))
        return object
    }

    /// Objects under names that the operator chooses.
    func map<Object: ConfigurationObject>(
        _ name: String, of _: Object.Type, isRequired: Bool, _ summary: String
    ) -> [String: Object] {
        var element = ObjectDescription(keys: [], rules: [])
        if self.isDescribing {
            let place = self.members.place.member(name, nil)
            let reader = KeyReader(ObjectReader(place, node: nil), context: self.context, isDescribing: true)
            _ = Object(reading: reader)
            element = reader.description
        }
        self.declare(
            name, summary, isRequired: isRequired, standard: isRequired ? .none : .value([:]), [], .reload,
            .map(element: .object(element)))
        var objects: [String: Object] = [:]
        var rendered: [RenderedValue.Member] = []
        for (key, place) in self.entries(of: name, isRequired: isRequired) {
            let reader = place.readObject { members in
                let reader = KeyReader(members, context: self.context, isDescribing: false)
                if let object = Object(reading: reader) { objects[key] = object }
                return reader
            }
            rendered.append(.init(key, reader.inForce))
        }
        self.rendered.append(.init(name, .object(rendered)))
        return objects
    }

    /// Single values under names that the operator chooses.
    func map<Value>(
        _ name: String, of kind: ValueKind<Value>, _ summary: String,
        examples: @autoclosure () -> [RenderedValue]
    ) -> [String: Value] {
        self.declare(
            name, summary, standard: .value([:]), examples(), .reload,
            .map(element: .value(kind.description)))
        var values: [String: Value] = [:]
        var rendered: [RenderedValue.Member] = []
        for (key, place) in self.entries(of: name, isRequired: false) {
            guard let value = kind.read(place, self.context) else { continue }
            values[key] = value
            rendered.append(.init(key, kind.render(value)))
        }
        self.rendered.append(.init(name, .object(rendered)))
        return values
    }

    /// Reads one object; one that is absent reads as an empty one.
    private func read<Object>(
        _ name: String, isConfidential: Bool, _ read: (KeyReader) -> Object
    ) -> (Object, KeyReader) {
        self.members.declare(name)
        let node = self.members.node?[name]
        let place = self.members.place.member(name, node, isConfidential: isConfidential)
        let members = ObjectReader(place, node: node == nil ? nil : place.object)
        let reader = KeyReader(members, context: self.context, isDescribing: self.isDescribing)
        let object = read(reader)
        members.finish()
        self.rendered.append(.init(name, reader.inForce))
        return (object, reader)
    }

    private func entries(of name: String, isRequired: Bool) -> [(name: String, place: Place)] {
        let place =
            isRequired ? self.members.required(name, expected: "an object") : self.members.optional(name)
        guard let place else { return [] }
        let entries = place.entries
        if isRequired, entries.isEmpty, place.node?.kind == .object {
            place.refuse("expected at least one, found none")
        }
        return entries.filter { entry in
            if GivenName.isValid(entry.name) { return true }
            entry.place.refuse("this name cannot be used: expected \(GivenName.words)")
            return false
        }
    }
}
