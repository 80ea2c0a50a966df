import GatewayJSON

// Objects within the object.
extension ObjectReader {
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
}
