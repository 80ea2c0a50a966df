/// What a caller is told of its limits: the fields `RateLimit-Policy` and `RateLimit`, as
/// draft-ietf-httpapi-ratelimit-headers-10 has them: Lists of Strings with parameters (RFC 9651 section 3.1).
struct RateLimitFields: Equatable {
    private(set) var policy: [UInt8] = []
    private(set) var limit: [UInt8] = []

    /// - Parameters:
    ///   - quota: requests in a window.
    ///   - window: seconds.
    ///   - remaining: requests that would be admitted now.
    ///   - reset: seconds until more are.
    mutating func append(_ name: StaticString, quota: Int, window: Int, remaining: Int, reset: Int) {
        Self.append(name, to: &self.policy, ("q", quota), ("w", window))
        Self.append(name, to: &self.limit, ("r", remaining), ("t", reset))
    }

    private static func append(
        _ name: StaticString, to list: inout [UInt8], _ parameters: (StaticString, Int)...
    ) {
        if !list.isEmpty { list.append(contentsOf: ", ".utf8) }
        list.append(contentsOf: "\"\(name)\"".utf8)
        for (key, value) in parameters { list.append(contentsOf: ";\(key)=\(value)".utf8) }
    }
}
