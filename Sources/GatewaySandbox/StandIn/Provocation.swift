/// One thing that can be provoked by a magic word. The tables of these are the behaviour, the landing document and, by
/// a test, the tables of docs/sandbox.md.
struct Provocation: Sendable {
    /// What a word does.
    enum Effect: Sendable {
        /// This is answered and nothing is changed.
        case answer(VendorAnswer)
        /// The request is carried out and its answer meets a fault on the way.
        case fault(SandboxTransportFault)
        /// The stand-in itself looks for the word.
        case behaviour
    }

    /// What an effect may depend on.
    struct Context: Sendable {
        let vendor: SandboxVendor
        /// The product's id, without the words.
        let id: String
        let number: Int
    }

    /// As it is written behind the `~`; an `N` at the end stands for a number.
    let word: String
    /// An id of the vendor's documented form that means the same, where a tilde would not fit that form.
    let alias: String?
    let meaning: String
    let effect: @Sendable (Context) -> Effect

    var takesNumber: Bool { self.word.hasSuffix("-N") }

    init(
        _ word: String, alias: String? = nil, _ meaning: String, effect: @escaping @Sendable (Context) -> Effect
    ) {
        self.word = word
        self.alias = alias
        self.meaning = meaning
        self.effect = effect
    }

    /// A word that is answered for.
    static func answer(
        _ word: String, alias: String? = nil, _ meaning: String,
        _ answer: @escaping @Sendable (Context) -> VendorAnswer
    ) -> Provocation {
        Provocation(word, alias: alias, meaning) { .answer(answer($0)) }
    }

    /// A word the stand-in looks for.
    static func behaviour(_ word: String, _ meaning: String) -> Provocation {
        Provocation(word, meaning) { _ in .behaviour }
    }
}
