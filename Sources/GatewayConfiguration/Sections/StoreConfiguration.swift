/// Where the gateway keeps what must outlive a request: what became of requests with an idempotency key.
package struct StoreConfiguration: Sendable {
    package enum Engine: String, Sendable, CaseIterable {
        case memory, file, redis
    }

    package var engine: Engine
    /// Of the database file; nil where the engine has none.
    package var path: String?
    /// Of the server; nil where the engine has none.
    package var url: RedisURL?
    /// The server's user; nil for its default one.
    package var user: String?
    package var password: Secret?
    package var database: Int
    /// Path of a PEM file with the roots that the server's certificate is verified with. Absent: the system's.
    package var caFile: String?
    /// How long a step may take before its request is refused.
    package var timeout: Duration
}

extension StoreConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.engine = reader.value(
            "engine", .choice(Engine.self), default: .memory,
            """
            `memory`: in the process; records are gone when it ends. `file`: in an SQLite file, for one instance; \
            records outlive a crash of the process and of the machine. `redis`: at a Redis or Valkey server, or a \
            cluster, for any number of instances; what records outlive there is the server's to say.
            """,
            examples: ["memory", "file", "redis"], takesEffect: .restart)
        self.path = reader.optional(
            "path", .writtenFile, absent: "no file",
            """
            The file of the engine `file`: made where there is none, on a disk that stays when the gateway is \
            replaced, in a folder that the gateway may write to.
            """,
            examples: ["/var/lib/product-gateway/keys.sqlite"], takesEffect: .restart)
        self.url = reader.optional(
            "url", .redisURL, absent: "no server",
            """
            The server of the engine `redis`; with `rediss://` over TLS, with its certificate and name verified. Any \
            server of a cluster: where a key is at another one, the gateway follows.
            """,
            examples: ["rediss://redis.example:6379", "redis://127.0.0.1"], takesEffect: .restart)
        self.user = reader.optional(
            "user", .text(typeName: "text", expected: "a user's name", schema: [.init("minLength", 1)]) { !$0.isEmpty },
            absent: "the server's default user", "The user to log in as (ACL); needs `password`.",
            examples: ["product-gateway"], takesEffect: .restart)
        self.password = reader.optional(
            "password", .secret(.text), absent: "no password", "The password of `user`, or of the default user.",
            examples: [["env": "REDIS_PASSWORD"]], takesEffect: .restart)
        self.database = reader.value(
            "database", .integer(in: 0...65_535, of: "the number of a database"), default: 0,
            "The number of the server's database; a cluster has 0 only.", examples: [0, 3], takesEffect: .restart)
        self.caFile = reader.optional(
            "caFile", .file(.certificate), absent: "the system's roots",
            "PEM file with the root certificates to trust for the server, instead of the system's.",
            examples: ["/etc/gateway/redis-ca.pem"], takesEffect: .restart)
        self.timeout = reader.value(
            "timeout", .duration(from: .milliseconds(10), to: .seconds(10)), default: .milliseconds(50),
            """
            How long the store may take to answer before a request with a key is refused with \
            `503 store_unavailable`, nothing sent; told up to 50 ms later.
            """,
            examples: ["50ms", "500ms"])
        if !reader.isDescribing { self.check(reader) }
    }

    /// Each key belongs to one engine.
    private func check(_ reader: KeyReader) {
        let keys: [(name: String, engine: Engine)] = [
            ("path", .file), ("url", .redis), ("user", .redis), ("password", .redis), ("database", .redis),
            ("caFile", .redis),
        ]
        for key in keys where key.engine != self.engine && reader.members.isPresent(key.name) {
            // What is in force is written with its defaults.
            if key.name == "database", self.database == 0 { continue }
            reader.members.refuse(at: key.name, message: "only the engine \(key.engine.rawValue) has this key")
        }
        if self.engine == .file, !reader.members.isPresent("path") {
            reader.members.refuse(at: "engine", message: "the engine file needs a path")
        }
        if self.engine == .redis, !reader.members.isPresent("url") {
            reader.members.refuse(at: "engine", message: "the engine redis needs a url")
        }
        if self.user != nil, !reader.members.isPresent("password") {
            reader.members.refuse(at: "user", message: "a user logs in with a password")
        }
    }
}
