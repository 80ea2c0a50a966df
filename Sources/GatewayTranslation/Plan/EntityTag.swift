/// Entity tags (RFC 9110 §8.8.3).
enum EntityTag {
    /// Whether a text can stand in `If-Match`: a strong tag, or any where the vendor wants weak ones, too.
    static func guards(_ text: String, evenIfWeak takesWeak: Bool) -> Bool {
        self.isStrong(text) || (takesWeak && text.hasPrefix("W/") && self.isStrong(String(text.dropFirst(2))))
    }

    /// Whether a text is a strong entity tag, such as `"v7"`: the only kind that `If-Match` can succeed with
    /// (§13.1.1). Not `W/"v7"`, not `*`, and nothing without its quotes.
    static func isStrong(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else {
            return false
        }
        return bytes.dropFirst().dropLast().allSatisfy { byte in
            byte == 0x21 || (0x23...0x7E).contains(byte) || byte >= 0x80
        }
    }
}
