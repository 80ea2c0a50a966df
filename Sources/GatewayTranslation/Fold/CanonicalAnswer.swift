/// A success, in canonical terms, before it is written.
package struct CanonicalAnswer: Sendable {
    /// The id under which the caller can update the product, UTF-8.
    package let id: [UInt8]?
    /// The canonical product, as one JSON object; empty where the vendor's answer had none, or it was not wanted.
    package let product: [UInt8]
    package let warnings: [Warning]
    /// The HTTP status of the vendor's answer.
    package let vendorStatus: Int
    package let vendorRequestID: String?
}
