/// The words one vendor knows, and the ids that mean the same.
struct ProvocationTable: Sendable {
    /// The vendor's own first, so that it can give a shared status its own shape; then the shared.
    let all: [Provocation]
    /// By alias.
    let aliases: [String: Provocation]

    init(_ own: [Provocation]) {
        self.all = own + SharedProvocations.all
        self.aliases = Dictionary(
            own.compactMap { word in word.alias.map { ($0, word) } }, uniquingKeysWith: { first, _ in first })
    }
}
