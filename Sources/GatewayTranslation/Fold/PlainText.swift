/// Error bodies that are no JSON but a sentence.
enum PlainText {
    /// A vendor's text is passed on up to this many bytes; what is longer is hardly a sentence.
    private static let bytesMax = 1000

    /// The text in UTF-8, without what surrounds it; empty where the body is none: a document in a language of its own,
    /// or anything with control characters in it.
    ///
    /// What is no UTF-8 is taken for Latin-1, which old servers write.
    static func words(in body: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var text = Self.trimmed(body)
        guard let first = text.first, first != UInt8(ascii: "<"), first != UInt8(ascii: "{"), first != UInt8(ascii: "[")
        else { return [] }
        guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else { return [] }
        text = text.prefix(self.bytesMax)
        if let string = Self.string(text) { return Array(string.utf8) }
        // C1 control characters are in no text.
        guard text.allSatisfy({ !(0x80..<0xA0).contains($0) }) else { return [] }
        return Array(String(String.UnicodeScalarView(text.map { UnicodeScalar($0) })).utf8)
    }

    /// As UTF-8, of which the last character may have been cut off.
    private static func string(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        for cut in 0..<min(4, text.count) {
            if let string = String(validating: text.dropLast(cut), as: UTF8.self) {
                return cut == 0 || text.count == self.bytesMax ? string : nil
            }
        }
        return nil
    }

    private static func trimmed(_ body: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        var text = body[...]
        while let first = text.first, isSpace(first) { text = text.dropFirst() }
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return text
    }
}
