/// How long a vendor may take.
package struct TargetTimeouts: Sendable, Equatable {
    /// Name lookup, TCP connect and TLS handshake together.
    package var connect: Duration
    /// One attempt, from its start to the end of its answer.
    package var attempt: Duration
    /// The whole exchange, waiting and retries included.
    package var total: Duration
}

extension TargetTimeouts: DefaultedObject {
    init(reading reader: KeyReader) {
        self.connect = reader.value(
            "connect", .duration(from: .milliseconds(1), to: .seconds(60)), default: .seconds(2),
            """
            Name lookup, TCP connect and TLS handshake together. Vendors are a continent away at \
            most: 2 s is ten round trips and one lost packet.
            """,
            examples: ["2s", "500ms"])
        self.attempt = reader.value(
            "attempt", .duration(from: .milliseconds(1), to: .seconds(600)), default: .seconds(10),
            "One attempt, from its start to the last byte of its answer, connecting included.",
            examples: ["10s"])
        self.total = reader.value(
            "total", .duration(from: .milliseconds(1), to: .seconds(600)), default: .seconds(20),
            """
            The whole exchange: waiting for a stream, every attempt and the pauses between them. \
            Then the caller gets `504 vendor_timeout`. Keep it below the callers' own timeout.
            """,
            examples: ["20s", "1m"])

        Self.requireOrder(("connect", self.connect), ("attempt", self.attempt), reader)
        Self.requireOrder(("attempt", self.attempt), ("total", self.total), reader)
    }

    private typealias Named = (name: String, duration: Duration)

    /// A shorter timeout around a longer one would make the longer one meaningless.
    private static func requireOrder(_ inner: Named, _ outer: Named, _ reader: KeyReader) {
        guard inner.duration > outer.duration else { return }
        func text(_ named: Named) -> String {
            let origin = reader.members.isPresent(named.name) ? "" : ", the default"
            return "\(named.name) (\(DurationText.text(named.duration))\(origin))"
        }
        let place = reader.members.isPresent(inner.name) ? inner.name : outer.name
        reader.members.refuse(at: place, message: "\(text(inner)) must not be longer than \(text(outer))")
    }
}
