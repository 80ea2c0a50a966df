/// The words behind the `~` of a magic id, and the id in front of them.
///
/// `EXT-PROD-12345~delay-200~zc001` is the product `EXT-PROD-12345` with the words `delay-200` and `zc001`. An id one
/// of whose parts is no known word is an ordinary id, tilde and all: callers choose their ids freely.
struct MagicMarks: Sendable {
    /// One word, taken apart.
    struct Mark: Sendable {
        let provocation: Provocation
        /// The number of `delay-200`.
        let number: Int
        /// Whether it only counts the first time its id is seen.
        let isOnce: Bool
    }

    /// The id as it was sent.
    private(set) var rawID = ""
    /// The id the product is looked up by.
    private(set) var id = ""
    private(set) var marks: [Mark] = []

    init() {}

    init(id raw: String, known: ProvocationTable) {
        self.rawID = raw
        self.id = raw
        if let aliased = known.aliases[raw] {
            self.marks = [Mark(provocation: aliased, number: 0, isOnce: false)]
            return
        }
        guard raw.utf8.contains(UInt8(ascii: "~")) else { return }
        let parts = raw.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return }
        var marks: [Mark] = []
        for part in parts.dropFirst() {
            guard let mark = MagicMarks.mark(part, known: known) else { return }
            marks.append(mark)
        }
        self.id = String(parts[0])
        self.marks = marks
    }

    /// Adds the words of a `sandbox-provoke` header; unknown ones are left out.
    mutating func add(words: String, known: ProvocationTable) {
        for word in words.split(separator: "~") {
            if let mark = MagicMarks.mark(word, known: known) { self.marks.append(mark) }
        }
    }

    mutating func removeAll(where isSpent: (Mark) -> Bool) {
        self.marks.removeAll(where: isSpent)
    }

    func contains(_ word: String) -> Bool {
        self.marks.contains { $0.provocation.word == word }
    }

    private static func mark(_ text: Substring, known: ProvocationTable) -> Mark? {
        let isOnce = text.hasPrefix("once-")
        let word = isOnce ? text.dropFirst(5) : text
        for provocation in known.all {
            if provocation.takesNumber {
                let stem = provocation.word.dropLast()  // "delay-N"
                if word.hasPrefix(stem), let number = Int(word.dropFirst(stem.count)), number >= 0 {
                    return Mark(provocation: provocation, number: number, isOnce: isOnce)
                }
            } else if word == provocation.word {
                return Mark(provocation: provocation, number: 0, isOnce: isOnce)
            }
        }
        return nil
    }
}
