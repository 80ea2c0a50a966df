/// When a target that fails is left alone.
package struct TargetBreaker: Sendable, Hashable {
    package var enabled: Bool
    /// Failures in a row.
    package var failures: Int
    /// From leaving it alone to the first probe.
    package var pause: Duration
    package var pauseMax: Duration
}

extension TargetBreaker: DefaultedObject {
    init(reading reader: KeyReader) {
        self.enabled = reader.value(
            "enabled", .boolean, default: true,
            """
            Whether the target is left alone when it fails too often: requests are then answered with \
            `503 vendor_unavailable` at once, with nothing sent, until a probe has found it well.
            """,
            examples: [false])
        self.failures = reader.value(
            "failures", .integer(in: 2...1000, of: "a number of failures"), default: 10,
            """
            Failures in a row (no connection, TLS, time-outs, 500 to 599) after which it is left alone. It also is \
            when more than half of at least 20 requests in 30 s fail. 429, `Retry-After` and refused \
            credentials are none.
            """,
            examples: [10])
        self.pause = reader.value(
            "pause", .duration(from: .milliseconds(50), to: .seconds(300)), default: .seconds(1),
            "How long it is left alone before it is probed; doubled after each probe in vain.",
            examples: ["1s"])
        self.pauseMax = reader.value(
            "pauseMax", .duration(from: .milliseconds(50), to: .seconds(3600)), default: .seconds(60),
            "The longest time between two probes.",
            examples: ["1m"])
        if self.pause > self.pauseMax {
            reader.members.refuse(
                at: reader.members.isPresent("pause") ? "pause" : "pauseMax",
                message: """
                    pause (\(DurationText.text(self.pause))) must not be longer than \
                    pauseMax (\(DurationText.text(self.pauseMax)))
                    """)
        }
    }
}
