/// A sentence with places for parameters, as Magento (`%1`, `%name`) and others (`{{name}}`, `{0}`) write them.
struct TextParameters {
    private(set) var text: [UInt8]

    init(_ text: [UInt8]) { self.text = text }

    /// Fills the parameter at a position: `%1` is the first, and so is `{0}`.
    mutating func fill(position: Int, with words: [UInt8]) {
        self.replace("%\(position + 1)", with: words)
        self.replace("{{\(position)}}", with: words)
        self.replace("{\(position)}", with: words)
    }

    /// Fills a parameter that has a name.
    mutating func fill(name: [UInt8], with words: [UInt8]) {
        let name = String(decoding: name, as: UTF8.self)
        guard !name.isEmpty else { return }
        self.replace("{{\(name)}}", with: words)
        self.replace("{\(name)}", with: words)
        self.replace("%\(name)", with: words)
    }

    private mutating func replace(_ place: String, with words: [UInt8]) {
        let place = Array(place.utf8)
        var result: [UInt8] = []
        var position = 0
        var isFound = false
        while position < self.text.count {
            // %1 is not the beginning of %10.
            let end = position + place.count
            if self.text[position...].starts(with: place),
                place.first != UInt8(ascii: "%") || end == self.text.count || !Self.isWord(self.text[end])
            {
                result += words
                position = end
                isFound = true
            } else {
                result.append(self.text[position])
                position += 1
            }
        }
        // Longer than any sentence: then the parameters are left out rather than multiplied.
        if isFound, result.count <= 8192 { self.text = result }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
    }
}
