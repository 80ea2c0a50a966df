import GatewayJSON

extension Digest {
    /// A text of somebody else's for a line of the audit: of a long one its beginning and a part of its digest, so that
    /// two texts are never taken for one.
    package static func abridged(_ text: [UInt8]) -> String {
        let beginning = JSONPointer.beginning(of: text)
        let abridged = String(decoding: beginning, as: UTF8.self)
        guard beginning.count < text.count else { return abridged }
        return abridged + "…" + (Digest(of: text).map { String($0.hexadecimal.prefix(16)) } ?? "")
    }
}
