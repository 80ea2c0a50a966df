/// A request's path and query, taken apart.
struct RequestTarget {
    /// The path's segments, percent-decoded one by one: an encoded slash stays inside its segment.
    let segments: [String]
    let query: [(name: String, value: String)]

    /// Nil when the path does not begin with a slash or cannot be decoded.
    init?(_ path: String) {
        let parts = path.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.first == UInt8(ascii: "/") else { return nil }
        var segments: [String] = []
        for segment in first.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decoded(Substring(segment)) else { return nil }
            segments.append(decoded)
        }
        self.segments = segments
        self.query = parts.count > 1 ? PercentEncoding.pairs(Substring(parts[1])) : []
    }

    func query(_ name: String) -> String? {
        self.query.first { $0.name == name }?.value
    }

    /// The segments behind `prefix`, when the path begins with it.
    func segments(behind prefix: [String]) -> [String]? {
        self.segments.starts(with: prefix) ? Array(self.segments.dropFirst(prefix.count)) : nil
    }
}
