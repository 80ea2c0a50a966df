import GatewayJSON
import GatewayProxy

/// One line of the stream of exchanges, read.
enum TailEntry: Equatable {
    /// With the time of day, such as `11:59:23.104`.
    case exchange(ExchangeLine, time: String)
    /// What else the gateway has to say.
    case notice(String)

    /// Codes of problems that are nobody's but the gateway's or the vendor's (docs/errors.md).
    private static let failures: Set<String> = ["overloaded", "internal_error"]

    /// Nil for what is no line of the gateway's.
    init?(_ line: [UInt8]) {
        guard let root = (try? JSONDocument(parsing: line))?.root, let message = root["message"]?.string else {
            return nil
        }
        guard message == "exchange" else {
            self = .notice([root["count"]?.integer.map(String.init), message].compactMap { $0 }.joined(separator: " "))
            return
        }
        var exchange = ExchangeLine()
        exchange.caller = root["caller"]?.string ?? ""
        exchange.operation = root["operation"]?.string ?? ""
        exchange.requestID = root["requestId"]?.string ?? ""
        exchange.status = root["end"]?.string == "caller_left" ? nil : root["status"]?.integer
        exchange.microseconds = root["durationMicroseconds"]?.integer ?? 0
        exchange.results = (root["results"]?.elements ?? [root]).map(Self.result)
        if let count = root["lines"]?.integer {
            let counts = ["done", "partial", "rejected", "unknown", "notSent"].map { root[$0]?.integer ?? 0 }
            exchange.lines = ExchangeLine.Lines(
                all: count, done: counts[0], partial: counts[1], rejected: counts[2], unknown: counts[3],
                notSent: counts[4])
        }
        // `2026-11-27T11:59:23.104Z`.
        let time = (root["time"]?.string ?? "").drop { $0 != "T" }.dropFirst().prefix { $0 != "Z" }
        self = .exchange(exchange, time: String(time))
    }

    private static func result(_ node: JSONNode) -> ExchangeLine.Result {
        let code = node["code"]?.string ?? ""
        return ExchangeLine.Result(
            target: node["target"]?.string, code: code,
            isFailure: code.hasPrefix("vendor_") || self.failures.contains(code))
    }
}
