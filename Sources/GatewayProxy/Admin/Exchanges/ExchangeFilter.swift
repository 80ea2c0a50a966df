import GatewayConfiguration

/// Which exchanges somebody wants to see. What is not asked for is not looked at; several values of one kind are
/// alternatives. A value; any thread.
struct ExchangeFilter: Equatable {
    var targets: [String] = []
    var callers: [String] = []
    var codes: [String] = []
    var statuses: [StatusRange] = []
    var slowerThanMicroseconds = 0
    /// Beginnings of request ids or trace ids: a terminal shows them abridged.
    var ids: [String] = []

    /// Why a filter cannot be understood, in a sentence.
    struct Mistake: Error, Equatable {
        let sentence: String
    }

    init() {}

    init(_ query: AdminQuery) throws(Mistake) {
        for (name, value) in query.pairs where !value.isEmpty {
            switch name {
            case "target": self.targets.append(value)
            case "caller": self.callers.append(value)
            case "code": self.codes.append(value)
            case "id": self.ids.append(value)
            case "status":
                guard let range = StatusRange(value) else {
                    throw Mistake(sentence: "status is one such as 429, or a class such as 5xx, not \"\(value)\"")
                }
                self.statuses.append(range)
            case "slowerThan":
                guard let duration = DurationText.parse(value) else {
                    throw Mistake(sentence: "slowerThan is a duration such as 250ms or 2s, not \"\(value)\"")
                }
                self.slowerThanMicroseconds = Int(clamping: duration.wholeMilliseconds) * 1000
            default:
                throw Mistake(
                    sentence: "there is no filter \"\(name)\"; there are target, caller, code, status, slowerThan, id")
            }
        }
    }

    func takes(_ exchange: WatchedExchange) -> Bool {
        if !self.targets.isEmpty, !self.targets.contains(where: exchange.targets.contains) { return false }
        if !self.callers.isEmpty, !self.callers.contains(where: exchange.callers.contains) { return false }
        if !self.codes.isEmpty, !self.codes.contains(where: exchange.codes.contains) { return false }
        if !self.statuses.isEmpty {
            guard let status = exchange.status, self.statuses.contains(where: { $0.contains(status) }) else {
                return false
            }
        }
        if self.slowerThanMicroseconds > 0, exchange.microseconds <= self.slowerThanMicroseconds { return false }
        return self.ids.isEmpty
            || self.ids.contains { exchange.requestID.hasPrefix($0) || exchange.traceID.hasPrefix($0) }
    }
}
