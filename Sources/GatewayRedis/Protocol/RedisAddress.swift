/// Where a server is.
struct RedisAddress: Hashable, Sendable {
    let host: String
    let port: Int
}
