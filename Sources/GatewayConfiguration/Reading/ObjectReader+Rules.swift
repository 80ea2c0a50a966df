import GatewayJSON

// Rules between the keys of the object.
extension ObjectReader {
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
}
