/// What the entries of a map, or the items of a list, may be in an answer; compiled. `null` is always one more.
///
/// Immutable.
final class AnswerEntries: Sendable {
    /// JSON types of an entry.
    let types: UInt8
    /// For entries that are objects: the vendor's names of the members that the canonical product describes, each with
    /// its JSON types.
    let members: NameTable

    /// Nil where entries may be anything.
    init?(of shape: Shape, entryNames: [(canonical: String, vendor: String)]) {
        guard let entry = shape.values ?? shape.items, entry.types != .any else { return nil }
        self.types = entry.types.rawValue
        self.members = NameTable(
            entry.members.map { member in
                let vendor = entryNames.first { $0.canonical == member.name }?.vendor ?? member.name
                return (name: vendor, value: Int(member.shape.types.rawValue))
            })
    }
}
