import GatewayHTTP

/// The query of an operator's request, decoded.
struct AdminQuery: Equatable {
    let pairs: [(name: String, value: String)]

    static func == (one: AdminQuery, other: AdminQuery) -> Bool {
        one.pairs.elementsEqual(other.pairs) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Nil where it is not valid percent-encoded UTF-8. Browsers write a space as `+`.
    init?(_ text: Substring) {
        var pairs: [(name: String, value: String)] = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = parts.count > 1 ? Self.decoded(parts[1]) : "" else {
                return nil
            }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    private static func decoded(_ text: Substring) -> String? {
        let spaced = Array(text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
        return spaced.withUnsafeBufferPointer { PercentEncoding.decode($0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
