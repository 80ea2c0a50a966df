import GatewayJSON

/// Reads the text of a key set so that a key with a member twice costs that key only, as RFC 7517 section 5 has it for
/// keys that are not understood. Nobody could tell which of the two members counts.
enum KeySetText {
    private static let limits = JSONLimits(bytesMax: KeySet.bytesMax, depthMax: 16)

    /// The document, with `null` in the place of each such key; nil where it is no JSON, or has a member twice
    /// elsewhere.
    static func document(of text: [UInt8]) -> JSONDocument? {
        var text = text
        // One round for each key that is taken out, and one without a mistake.
        for _ in 0...KeySet.keysMax {
            do throws(JSONError) {
                return try JSONDocument(parsing: text, limits: self.limits)
            } catch {
                guard error.reason == .duplicateName, let element = self.element(at: error.offset, in: text) else {
                    return nil
                }
                let null = Array("null".utf8)
                for position in element {
                    let index = position - element.lowerBound
                    text[position] = index < null.count ? null[index] : UInt8(ascii: " ")
                }
            }
        }
        return nil
    }

    /// Where the object begins and ends that lies in an array of the document and contains a place. What stands before
    /// the place has been parsed, so that strings and brackets are well formed up to there.
    private static func element(at offset: Int, in text: [UInt8]) -> Range<Int>? {
        var depth = 0
        var start: Int?
        var isInString = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            if isInString {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    // The document, the array of keys, the key.
                    if depth == 3 { start = index }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 3, let start, start < offset, offset <= index { return start..<(index + 1) }
                    depth -= 1
                default: break
                }
            }
            index += 1
        }
        return nil
    }
}
