/// Makes JSON texts of every spelling from a seed. SplitMix64: the same seed gives the same texts everywhere.
struct DocumentGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }

    mutating func space() -> String { self.pick(["", " ", "\n", "\t\r\n  "]) }

    mutating func string() -> String {
        let pieces = [
            "a", "Z", "0", " ", "/", "\\/", "\\\"", "\\\\", "\\n", "\\t", "\\b", "\\f", "\\r", "\\u0000", "\\u00e9",
            "\\u00E9",
            "\\ud83d\\ude00", "é", "天", "😀", "\u{7F}", "\u{80}", "\u{FFFF}", "\u{10FFFF}",
            "quite plain text of some length ",
        ]
        let count = Int.random(in: 0...40, using: &self)
        return "\"" + (0..<count).map { _ in self.pick(pieces) }.joined() + "\""
    }

    mutating func number() -> String {
        let digits = { (generator: inout DocumentGenerator) in
            (0..<Int.random(in: 1...30, using: &generator)).map { _ in String(Int.random(in: 0...9, using: &generator))
            }.joined()
        }
        var text = self.pick(["", "-"]) + self.pick(["0", "1" + digits(&self)])
        if Bool.random(using: &self) { text += "." + digits(&self) }
        if Bool.random(using: &self) { text += self.pick(["e", "E"]) + self.pick(["", "+", "-"]) + digits(&self) }
        return text
    }

    /// Any value without white space between its tokens or with it; at most so deep.
    mutating func value(depth: Int, withoutNull: Bool = false) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
        case 0: return self.string()
        case 1: return self.number()
        case 2: return "true"
        case 3: return "false"
        case 4: return withoutNull ? "\"\"" : "null"
        case 5, 6: return self.object(depth: depth - 1)
        default:
            let count = Int.random(in: 0...6, using: &self)
            return "[" + (0..<count).map { _ in self.value(depth: depth - 1) + self.space() }.joined(separator: ",")
                + "]"
        }
    }

    /// An object with distinct names.
    mutating func object(depth: Int, withoutNull: Bool = false) -> String {
        let count = Int.random(in: 0...(depth > 2 ? 20 : 6), using: &self)
        let members = (0..<count).map { index in
            let name = "\(self.pick(["k", "\\u006b", "é", "a/b", "~"]))\(index)"
            return "\"\(name)\"\(self.space()):\(self.value(depth: depth, withoutNull: withoutNull))"
        }
        return "{" + members.joined(separator: ",\(self.space())") + "}"
    }
}
