import GatewayDocuments

extension ValueKind where Value == RedisURL {
    static var redisURL: ValueKind {
        let expected = "a URL such as \"redis://127.0.0.1:6379\" or \"rediss://redis.example\""
        return ValueKind(
            typeName: "URL",
            schema: [
                .init("type", "string"), .init("pattern", "^[Rr][Ee][Dd][Ii][Ss][Ss]?://[^/?#@]+/?$"),
            ],
            expected: expected,
            read: { place, _ in
                guard let text = place.node?.string else {
                    place.refuse(expected: expected, .string)
                    return nil
                }
                do throws(HTTPURL.ParsingError) {
                    let url = try RedisURL(parsing: text)
                    if !url.isTLS, !HTTPURL.isLoopback(host: url.host) {
                        place.warn("records and password travel unencrypted, because it begins with redis://")
                    }
                    return url
                } catch {
                    switch error {
                    case .scheme: place.refuse("expected a URL that begins with redis:// or rediss://")
                    case .userInfo:
                        place.refuse("a user name or password must not stand in a URL; put it under user and password")
                    case .path: place.refuse("a URL here has no path; put the database's number under database")
                    case .query, .fragment, .host, .port: place.refuse(error.sentence)
                    }
                    return nil
                }
            },
            render: { .string($0.description) })
    }
}
