package import GatewayJSON

/// Reads the members of one object by their names, and reports the names that nobody has asked for.
///
/// A wrong or missing value is reported and reading goes on, so that all mistakes are found at once. Made by
/// `Place.readObject` where the object ends with one function, else ended by `finish`.
package final class ObjectReader {
    package let place: Place
    /// The object; nil where it is absent or of another kind, which reads as an empty one in which nothing is missed.
    package let node: JSONNode?
    /// The names that were asked for, in that order.
    private var names: [String] = []

    /// - Parameter node: the object at the place; nil where there is none, or where another kind has been reported.
    package init(_ place: Place, node: JSONNode?) {
        self.place = place
        self.node = node
    }

    /// The name under which this object stands.
    package var name: String { self.place.path.lastName }

    /// Whether the document has that member.
    package func isPresent(_ name: String) -> Bool { self.node?[name] != nil }

    /// A member that may be left out.
    package func optional(_ name: String) -> Place? {
        self.declare(name)
        return self.node?[name].map { self.place.member(name, $0) }
    }

    /// A member that must be there; nil where it is missing, which is reported.
    ///
    /// - Parameter expected: for the message: `a duration such as "2s"`.
    package func required(_ name: String, expected: String) -> Place? {
        let place = self.optional(name)
        // Without an object there is nothing that could miss a member.
        if place == nil, self.node != nil {
            self.place.member(name, nil).refuse("is missing: expected \(expected)")
        }
        return place
    }

    /// Makes a name known without reading its member.
    package func declare(_ name: String) {
        if !self.names.contains(name) { self.names.append(name) }
    }

    /// Reports that not exactly one of these members is there.
    package func requireExactlyOne(_ names: [String]) {
        guard let node = self.node else { return }
        let present = names.filter { self.isPresent($0) }
        if present.count == 1 { return }
        let isPair = names.count == 2
        let found =
            present.isEmpty ? (isPair ? "neither" : "none") : isPair ? "both" : present.joined(separator: " and ")
        // A misspelt name is reported as that; to miss it as well would only be noise.
        let isMisspelt = node.members.contains { Suggestion.closest(to: $0.name, among: names) != nil }
        if present.isEmpty, isMisspelt { return }
        self.place.refuse("expected exactly one of \(names.listed), found \(found)")
    }

    /// Reports that only one of these two members is there.
    package func requireTogether(_ one: String, _ other: String) {
        for (present, missing) in [(one, other), (other, one)]
        where self.isPresent(present) && !self.isPresent(missing) {
            self.refuse(at: present, message: "needs \(missing) beside it")
        }
    }

    /// Reports a mistake at one of this object's members (or at one within it), or at the object where it is absent.
    package func refuse(at names: String..., message: String) { self.report(.error, at: names, message) }

    /// As `refuse`, for something that is allowed and probably not meant.
    package func warn(at names: String..., message: String) { self.report(.warning, at: names, message) }

    private func report(_ severity: Diagnostic.Severity, at names: [String], _ message: String) {
        // A place without any node reads no document that could have a mistake.
        guard self.place.node != nil else { return }
        var (place, node) = (self.place, self.node)
        for name in names {
            node = node?[name]
            place = place.member(name, node)
        }
        place.report(severity, message)
    }

    /// Reports the members that nobody has asked for. Called when the object has been read.
    package func finish() {
        for member in self.node?.members ?? [] where !self.names.contains(member.name) {
            let place = self.place.member(member.name, member.value)
            if let suggestion = Suggestion.closest(to: member.name, among: self.names) {
                place.refuse("unknown key; did you mean \"\(suggestion)\"?")
            } else {
                place.refuse("unknown key; the keys here are \(self.names.joined(separator: ", "))")
            }
        }
    }
}

extension Place {
    /// The object that stands here; nil where something else does, which is reported.
    package var object: JSONNode? {
        guard let node = self.node else { return nil }
        if node.kind == .object { return node }
        self.refuse(expected: "an object", .object)
        return nil
    }

    /// Reads the object that stands here to its end.
    package func readObject<Result>(_ body: (ObjectReader) -> Result) -> Result {
        let reader = ObjectReader(self, node: self.object)
        let result = body(reader)
        reader.finish()
        return result
    }
}

extension [String] {
    /// `one, two and three`.
    fileprivate var listed: String {
        guard self.count > 1, let last = self.last else { return self.joined() }
        return "\(self.dropLast().joined(separator: ", ")) and \(last)"
    }
}
