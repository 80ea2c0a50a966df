extension StringProtocol {
    /// What a problem may repeat of a caller's own words: enough to recognise them, and not kilobytes.
    package var abridged: String {
        let lengthMax = 64
        return self.unicodeScalars.count <= lengthMax
            ? String(self) : String(String.UnicodeScalarView(self.unicodeScalars.prefix(lengthMax))) + "…"
    }
}
