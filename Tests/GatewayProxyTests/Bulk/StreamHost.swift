import GatewayTranslation

@testable import GatewayProxy

/// Whoever has the caller: keeps what the stream says.
final class StreamHost: BulkHost {
    private(set) var status: Int?
    private(set) var text = ""
    private(set) var isEnded = false
    private(set) var credit = 0
    private(set) var held = 0
    private(set) var heldMax = 0
    private(set) var totals: StreamTotals?
    private(set) var endings = 0

    func begin(_ answer: Answer) { self.status = answer.status }
    func extend(by bytes: [UInt8], isEnd: Bool) {
        self.text += String(decoding: bytes, as: UTF8.self)
        self.isEnded = isEnd
    }
    func giveCredit(of bytes: Int) { self.credit += bytes }
    func hold(_ bytes: Int) {
        self.held = bytes
        self.heldMax = max(self.heldMax, bytes)
    }
    func traceForAttempt() -> SentTrace {
        var random = SeededGenerator(seed: 1)
        return SentTrace(TraceContext(from: &random), from: &random)
    }
    var takesChanges = true
    var caller: Caller?
    var isGone = false
    func callerNow() throws(Problem) -> Caller? {
        guard !self.isGone else { throw Problem(.unauthenticated, detail: "gone") }
        return self.caller
    }
    private(set) var recorded: [Int] = []
    func beginChange(_ part: BulkPart) -> Bool { self.takesChanges }
    func recordChange(_ delivery: Delivery, of part: BulkPart) { self.recorded.append(part.line.number) }
    func streamEnded(_ totals: StreamTotals) {
        self.totals = totals
        self.endings += 1
    }

    /// The lines so far: `1 done`, `2 done replayed`, `3 rejected validation_failed`, `summary complete true`.
    var lines: [String] {
        self.text.split(separator: "\n").map { line in
            func value(_ name: String) -> String? {
                guard let range = line.firstRange(of: "\"\(name)\":") else { return nil }
                let rest = line[range.upperBound...]
                return String(rest.prefix { $0 != "," && $0 != "}" }.filter { $0 != "\"" })
            }
            if line.hasPrefix("{\"summary\"") { return "summary complete \(value("complete") ?? "?")" }
            if line.hasPrefix("{\"fatal\"") { return "fatal \(value("code") ?? "?")" }
            if line.hasPrefix("{\"progress\"") { return "progress" }
            let words = [value("line"), value("outcome"), value("code"), value("replayed").map { _ in "replayed" }]
            return words.compactMap { $0 }.joined(separator: " ")
        }
    }
}
