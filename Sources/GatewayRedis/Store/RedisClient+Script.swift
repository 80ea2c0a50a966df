import GatewayStore

extension RedisClient {
    /// Runs a script about one key, by its digest; a server that has forgotten it is sent it again.
    ///
    /// - Parameters:
    ///   - command: the script's own, with its key and its arguments.
    ///   - take: told a reply that is no error, or why there is none.
    func run(
        _ script: RedisScript, _ command: RedisCommand, take: @escaping (Result<RedisReply, StoreFailure>) -> Void
    ) {
        self.send(command) { [weak self] result in
            guard case .success(.error(let text)) = result, text.hasPrefix("NOSCRIPT"), let self else {
                return take(Self.checked(result))
            }
            // A server that was restarted has no scripts; this one keeps it.
            self.send(command.replacing(firstTwoWith: "EVAL", script.text)) { take(Self.checked($0)) }
        }
    }

    /// The same, where it is run seldom.
    func run(
        _ script: RedisScript, about key: [UInt8], _ arguments: [[UInt8]],
        take: @escaping (Result<RedisReply, StoreFailure>) -> Void
    ) {
        var command = script.command(room: arguments.reduce(key.count) { $0 + $1.count })
        command.append(key: key)
        for argument in arguments { command.append(argument) }
        self.run(script, command, take: take)
    }

    /// A reply that is no error.
    static func checked(_ result: Result<RedisReply, RedisFailure>) -> Result<RedisReply, StoreFailure> {
        switch result {
        case .failure(let failure): return .failure(.unavailable(reason: failure.reason))
        case .success(.error(let text)):
            return .failure(text.contains("OOM") ? .full(reason: text) : .unavailable(reason: text))
        case .success(let reply): return .success(reply)
        }
    }
}
