/// Looks whether a server's settings go with keeping records, and says what does not. A server that does not tell its
/// settings, as hosted ones do not, is taken at its operator's word.
enum RedisInspection {
    static func run(_ client: RedisClient, warn: @escaping (String) -> Void) {
        for (name, objection) in self.objections {
            client.send(RedisCommand("CONFIG", "GET", name)) { result in
                guard case .success(let reply) = result, let value = reply.elements?.last?.text,
                    let text = objection(value)
                else { return }
                warn(text)
            }
        }
    }

    private static let objections: [(name: String, objection: @Sendable (String) -> String?)] = [
        (
            "appendonly",
            { $0 == "no" ? "the server has appendonly no: records are lost when it restarts" : nil }
        ),
        (
            "maxmemory-policy",
            {
                $0 == "noeviction"
                    ? nil
                    : "the server has maxmemory-policy \($0): it may throw records away early; set noeviction"
            }
        ),
    ]
}
