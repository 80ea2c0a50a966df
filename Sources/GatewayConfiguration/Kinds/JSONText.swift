import GatewayJSON

/// One JSON value as it stands in `gateway.json`, byte for byte.
package struct JSONText: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The decoded content where it is a string.
    package var string: String? {
        guard let document = try? JSONDocument(parsing: self.bytes) else { return nil }
        return document.root.string
    }
}

extension JSONText: CustomStringConvertible {
    package var description: String { String(decoding: self.bytes, as: UTF8.self) }
}
