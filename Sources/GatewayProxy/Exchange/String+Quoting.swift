extension StringProtocol {
    /// What may be repeated of a caller's own words: enough to recognise them, and not kilobytes.
    var abridged: String {
        let lengthMax = 64
        return self.unicodeScalars.count <= lengthMax
            ? String(self) : String(String.UnicodeScalarView(self.unicodeScalars.prefix(lengthMax))) + "…"
    }
}
