extension SandboxJSON {
    /// Reads one JSON document, an object or an array (RFC 8259, UTF-8 without a byte order mark).
    ///
    /// Numbers keep their spelling and members their order; of two members of one name the last counts, as it does for
    /// the vendors' own readers. What is not exactly JSON is refused.
    init(reading bytes: [UInt8]) throws(SandboxJSONError) {
        var reader = SandboxJSONReader(bytes)
        self = try reader.document()
    }
}
