/// Pointers that stay short whatever names a text has: for people, who are told of many members of one object, so that
/// a long name would otherwise be repeated for each of them.
extension JSONPointer {
    /// Bytes of one token; names of products' members have some thirty.
    package static let tokenBytesMax = 128
    /// Bytes of a pointer, before what is left out of it is marked.
    package static let bytesMax = 512

    /// Escapes one token; one that is too long is cut, and ends with an ellipsis.
    package static func abridged(_ token: String) -> String {
        guard token.utf8.count > self.tokenBytesMax else { return self.escape(token) }
        return self.escape(String(decoding: self.beginning(of: Array(token.utf8)), as: UTF8.self)) + "…"
    }

    /// As much of a text as a token may have, up to the end of a character's bytes.
    package static func beginning(of text: [UInt8]) -> ArraySlice<UInt8> {
        guard text.count > self.tokenBytesMax else { return text[...] }
        var end = self.tokenBytesMax
        // Bytes 10xxxxxx go on with a character.
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text[..<end]
    }
}

extension JSONView {
    /// A name as one token of a pointer for people; of a long one its beginning, and an ellipsis. Reads no more of it.
    package func abridgedToken(_ entry: JSONEntry) -> String {
        let content = self.content(entry)
        guard content.count > JSONPointer.tokenBytesMax else { return JSONPointer.escape(self.string(entry)) }
        var end = 0
        while end < JSONPointer.tokenBytesMax {
            end += content[end] == UInt8(ascii: "\\") ? Self.escapeLength(in: content, at: end) : 1
        }
        while end < content.count, content[end] & 0xC0 == 0x80 { end += 1 }
        var decoded: [UInt8] = []
        JSONEscapes.decode(UnsafeBufferPointer(rebasing: content[..<min(end, content.count)]), into: &decoded)
        return JSONPointer.escape(String(decoding: decoded, as: UTF8.self)) + (end < content.count ? "…" : "")
    }

    /// Of an escape that the parser has found to be valid; two of `\u` make one character where the first is the first
    /// half of a pair.
    private static func escapeLength(in content: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        guard index + 3 < content.count, content[index + 1] == UInt8(ascii: "u") else { return 2 }
        let isPair =
            content[index + 2] | 0x20 == UInt8(ascii: "d")
            && (UInt8(ascii: "8")...UInt8(ascii: "9")).contains(content[index + 3])
            || content[index + 2] | 0x20 == UInt8(ascii: "d")
                && (UInt8(ascii: "a")...UInt8(ascii: "b")).contains(content[index + 3] | 0x20)
        return isPair ? 12 : 6
    }
}
