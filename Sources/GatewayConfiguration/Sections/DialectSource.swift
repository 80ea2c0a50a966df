package import GatewayDocuments

/// An operator's own dialect, as bytes: not yet checked, which is the translation's business.
package struct DialectSource: Sendable, Equatable {
    package var name: String
    /// The file it was read from; nil where the document stands in `gateway.json` itself.
    package var path: String?
    /// One JSON document in UTF-8.
    package var bytes: [UInt8]
    /// Where the bytes were taken from, for messages.
    package var origin: DocumentOrigin
}
