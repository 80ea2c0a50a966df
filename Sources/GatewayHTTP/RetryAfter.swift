/// Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
package enum RetryAfter {
    /// The longest wait that is passed on, one day: beyond, the number says nothing a caller could use.
    package static let secondsMax = 86_400

    /// Nil where it is neither, or where a date comes without the current time to compare it with.
    package static func seconds(_ value: String, nowEpochSeconds: Int?) -> Int? {
        let text = FieldValue.trimmed(value)
        if !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            return min(Int(text) ?? self.secondsMax, self.secondsMax)
        }
        guard let now = nowEpochSeconds, let date = HTTPDate.epochSeconds(text, nowEpochSeconds: now) else {
            return nil
        }
        return max(0, min(date - now, self.secondsMax))
    }
}
