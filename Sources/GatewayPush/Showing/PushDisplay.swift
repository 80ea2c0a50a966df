import GatewayJSON

/// Progress as text: one line for a terminal, which is written over and over, or for a log; or JSON for a program.
package enum PushDisplay {
    /// `12,400 lines · 830/s · 12,300 done · 98 refused · waiting for cor (rate_limited, 12 s) · 1:05 left`
    package static func line(_ progress: PushProgress, takesColour: Bool = false) -> String {
        let tally = progress.tally
        var parts = [
            "\(self.grouped(tally.all)) \(tally.all == 1 ? "line" : "lines")",
            "\(self.grouped(Int(progress.rate.rounded())))/s",
        ]
        parts.append("\(self.grouped(tally.done)) done")
        if tally.refused > 0 { parts.append(self.coloured("\(self.grouped(tally.refused)) refused", 33, takesColour)) }
        if tally.unprocessed > 0 { parts.append("\(self.grouped(tally.unprocessed)) not processed") }
        if tally.unknown > 0 { parts.append(self.coloured("\(self.grouped(tally.unknown)) unknown", 31, takesColour)) }
        for waiting in progress.waiting.prefix(2) {
            parts.append("waiting for \(waiting.target) (\(waiting.code), \(waiting.seconds) s)")
        }
        if let failure = progress.gatewayFailure { parts.append("waiting for the gateway (\(failure))") }
        if progress.isStopping { parts.append("stopping") }
        if let left = progress.secondsLeft {
            parts.append("\(self.duration(left)) left")
        }
        return parts.joined(separator: " · ")
    }

    /// One JSON object: `{"push":{…}}`.
    package static func json(_ progress: PushProgress, isComplete: Bool? = nil) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("push")
        writer.beginObject()
        writer.member("lines", progress.tally.all)
        writer.member("done", progress.tally.done)
        writer.member("refused", progress.tally.refused)
        writer.member("notProcessed", progress.tally.unprocessed)
        writer.member("unknown", progress.tally.unknown)
        writer.member("linesPerSecond", Int(progress.rate.rounded()))
        writer.member("seconds", Int(progress.seconds))
        writer.member("bytesRead", progress.bytesRead)
        if let total = progress.bytesTotal { writer.member("bytesTotal", total) }
        if let left = progress.secondsLeft, isComplete == nil { writer.member("secondsLeft", left) }
        if !progress.waiting.isEmpty {
            writer.name("waiting")
            writer.beginArray()
            for waiting in progress.waiting {
                writer.beginObject()
                writer.member("target", waiting.target)
                writer.member("code", waiting.code)
                writer.member("seconds", waiting.seconds)
                writer.endObject()
            }
            writer.endArray()
        }
        if let failure = progress.gatewayFailure { writer.member("gatewayFailure", failure) }
        if progress.isStopping, isComplete == nil { writer.member("stopping", true) }
        if let isComplete { writer.member("complete", isComplete) }
        writer.endObject()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// `1234567` as `1,234,567`.
    package static func grouped(_ number: Int) -> String {
        var text = ""
        for (position, digit) in String(number.magnitude).reversed().enumerated() {
            if position > 0, position % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    /// `45 s`, `2:05`, `1:02:05`.
    package static func duration(_ seconds: Int) -> String {
        guard seconds >= 60 else { return "\(seconds) s" }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        return hours > 0
            ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
    }

    private static func coloured(_ text: String, _ colour: Int, _ takesColour: Bool) -> String {
        takesColour ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
    }
}
