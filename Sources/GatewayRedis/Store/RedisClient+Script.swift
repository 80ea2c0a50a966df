import GatewayStore

extension RedisClient {
    /// Runs a script about one key, by its digest; a server that has forgotten it is sent it again.
    ///
    /// - Parameter take: told a reply that is no error, or why there is none.
    func run(
        _ script: RedisScript, about key: [UInt8], _ arguments: [[UInt8]],
        take: @escaping (Result<RedisReply, StoreFailure>) -> Void
    ) {
        let tail = [Array("1".utf8), key] + arguments
        let byDigest = RedisCommand([Array("EVALSHA".utf8), Array(script.digest.utf8)] + tail)
        self.send(byDigest, about: key) { [weak self] result in
            guard case .success(.error(let text)) = result, text.hasPrefix("NOSCRIPT"), let self else {
                return take(Self.checked(result))
            }
            // A server that was restarted has no scripts; this one keeps it.
            let byText = RedisCommand([Array("EVAL".utf8), Array(script.text.utf8)] + tail)
            self.send(byText, about: key) { take(Self.checked($0)) }
        }
    }

    /// A reply that is no error.
    private static func checked(_ result: Result<RedisReply, RedisFailure>) -> Result<RedisReply, StoreFailure> {
        switch result {
        case .failure(let failure): return .failure(.unavailable(reason: failure.reason))
        case .success(.error(let text)):
            return .failure(text.contains("OOM") ? .full(reason: text) : .unavailable(reason: text))
        case .success(let reply): return .success(reply)
        }
    }
}
