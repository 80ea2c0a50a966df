/// Where a Redis or Valkey server is.
package struct RedisURL: Sendable, Equatable {
    package var isTLS: Bool
    /// A name or an address; an IPv6 address without brackets.
    package var host: String
    package var port: Int

    /// What servers listen on unless they are told otherwise.
    private static let usualPort = 6379

    /// Reads `redis://host:port` and `rediss://host:port`. User, password and database are keys of their own.
    init(parsing text: String) throws(HTTPURL.ParsingError) {
        let lowered = text.prefix(9).lowercased()
        let isTLS = lowered.hasPrefix("rediss://")
        guard isTLS || lowered.hasPrefix("redis://") else { throw .scheme }
        let rest = text.dropFirst(isTLS ? 9 : 8)
        // The authority has the same form in every URL.
        let url = try HTTPURL(parsing: "http://\(rest)")
        guard url.path.isEmpty || url.path == "/" else { throw .path }
        let hasPort = rest.last(where: { $0 == ":" || $0 == "]" }) == ":"
        self.isTLS = isTLS
        self.host = url.host
        self.port = hasPort ? url.port : Self.usualPort
    }
}

extension RedisURL: CustomStringConvertible {
    package var description: String {
        "\(self.isTLS ? "rediss" : "redis")://\(self.host.contains(":") ? "[\(self.host)]" : self.host):\(self.port)"
    }
}
