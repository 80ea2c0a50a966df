import GatewayHTTP

/// A product's id, and what was found out about it when it was checked.
package struct ProductID {
    /// UTF-8.
    let bytes: [UInt8]
    /// Whether it stands in a path, and so in a JSON string, as it is. Most ids are UUIDs, numbers or slugs.
    let isUnreserved: Bool

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.isUnreserved = PercentEncoding.areUnreserved(bytes)
    }

    /// An id as one segment of a path, percent-encoded.
    package static func pathSegment(of id: [UInt8]) -> [UInt8] { PercentEncoding.encode(id) }
}
