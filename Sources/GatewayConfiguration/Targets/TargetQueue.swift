/// Exchanges that wait for a free stream to a vendor.
package struct TargetQueue: Sendable, Hashable {
    /// Waiting exchanges per worker; 0 never waits.
    package var max: Int
    /// How long one waits before it is answered with `503 overloaded`.
    package var timeout: Duration
}

extension TargetQueue: DefaultedObject {
    init(reading reader: KeyReader) {
        self.max = reader.value(
            "max", .integer(in: 0...100_000, of: "a number of exchanges"), default: 256,
            """
            The most exchanges per worker that wait for a free stream; beyond it a caller gets \
            `503 overloaded` at once. 0 never waits. Each holds its body in memory.
            """,
            examples: [256, 0])
        self.timeout = reader.value(
            "timeout", .duration(from: .milliseconds(1), to: .seconds(600)), default: .seconds(1),
            """
            How long an exchange waits before it gets `503 overloaded`, with nothing sent and safe \
            to repeat. A queue that is longer than a second only makes everybody late.
            """,
            examples: ["1s"])
    }
}
