/// Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
package enum RetryAfter {
    /// The longest wait that is passed on, one day: beyond, the number says nothing a caller could use.
    package static let secondsMax = 86_400

    /// Nil where it is neither, or where a date comes without the current time to compare it with. Some vendors write a
    /// fraction of a second, which the RFC does not know: it counts as a whole one.
    package static func seconds(_ value: String, nowEpochSeconds: Int?) -> Int? {
        let text = FieldValue.trimmed(value)
        if let seconds = self.number(text) { return min(seconds, self.secondsMax) }
        guard let now = nowEpochSeconds, let date = HTTPDate.epochSeconds(text, nowEpochSeconds: now) else {
            return nil
        }
        return max(0, min(date - now, self.secondsMax))
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        let whole = text.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let fraction = text.utf8.dropFirst(whole.count)
        guard !whole.isEmpty, fraction.isEmpty || fraction.first == UInt8(ascii: "."),
            fraction.dropFirst().allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        // More digits than an integer has mean the longest wait.
        guard let seconds = Int(String(decoding: whole, as: UTF8.self)), seconds < self.secondsMax else {
            return self.secondsMax
        }
        return seconds + (fraction.dropFirst().contains { $0 != UInt8(ascii: "0") } ? 1 : 0)
    }
}
