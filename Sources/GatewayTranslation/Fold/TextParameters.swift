/// What a vendor gives to be filled into a sentence with places, as Magento (`%1`, `%name`) and others (`{{name}}`,
/// `{0}`) write them.
struct TextParameters {
    private struct Parameter {
        /// Its name behind a per cent sign, and in braces: of a list they differ by one.
        let sign: [UInt8]
        let brace: [UInt8]
        let words: [UInt8]
    }

    private var parameters: [Parameter] = []

    /// More than any sentence has.
    static let countMax = 32
    /// Longer than any sentence, in bytes: a parameter that is longer is none, and a sentence that would become longer
    /// is left as it is, with its places.
    static let bytesMax = 8192

    /// Adds the one at a position: `%1` is the first, and so is `{0}`.
    mutating func add(position: Int, _ words: [UInt8]) {
        self.parameters.append(
            Parameter(sign: Array("\(position + 1)".utf8), brace: Array("\(position)".utf8), words: words))
    }

    /// Adds one that has a name.
    mutating func add(name: [UInt8], _ words: [UInt8]) {
        guard !name.isEmpty else { return }
        self.parameters.append(Parameter(sign: name, brace: name, words: words))
    }

    /// The sentence with its places filled; nil where there are none. What is filled in has no places itself.
    func filled(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var start = 0
        var position = 0
        while position < text.count {
            guard let (parameter, end) = self.place(in: text, at: position) else {
                position += 1
                continue
            }
            result += text[start..<position]
            result += parameter.words
            guard result.count <= Self.bytesMax else { return nil }
            position = end
            start = end
        }
        guard start > 0 else { return nil }
        result += text[start...]
        return result
    }

    /// The parameter whose place is at a position, and where it ends.
    private func place(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (Parameter, end: Int)? {
        switch text[start] {
        case UInt8(ascii: "%"):
            for parameter in self.parameters {
                let end = start + 1 + parameter.sign.count
                // %1 is not the beginning of %10.
                if Self.stands(parameter.sign, in: text, at: start + 1), end == text.count || !Self.isWord(text[end]) {
                    return (parameter, end)
                }
            }
        case UInt8(ascii: "{"):
            let isDouble = start + 1 < text.count && text[start + 1] == UInt8(ascii: "{")
            let name = start + (isDouble ? 2 : 1)
            let close = Array((isDouble ? "}}" : "}").utf8)
            for parameter in self.parameters {
                let end = name + parameter.brace.count
                if Self.stands(parameter.brace, in: text, at: name), Self.stands(close, in: text, at: end) {
                    return (parameter, end + close.count)
                }
            }
        default: break
        }
        return nil
    }

    private static func stands(_ name: [UInt8], in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard name.count <= text.count - start else { return false }
        for position in 0..<name.count where text[start + position] != name[position] { return false }
        return true
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
    }
}
