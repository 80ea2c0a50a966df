import GatewayHTTP

/// The trace as one attempt takes it to a vendor: with an id of the attempt's own, so that two attempts can be told
/// apart.
struct SentTrace {
    let context: TraceContext
    /// What the vendor sees as its caller's operation (`parent-id`); never 0.
    let attemptID: UInt64

    private static let parentBytes = 55

    init(_ context: TraceContext, from generator: inout some RandomNumberGenerator) {
        self.context = context
        let attemptID: UInt64 = generator.next()
        self.attemptID = max(attemptID, 1)
    }

    /// Adds `traceparent` and, where there is one, `tracestate`.
    func append(to fields: some FieldWriter) {
        // Never the same twice: nothing for HPACK's table.
        self.withParent { fields.append("traceparent", $0, isSensitive: true) }
        if !self.context.state.isEmpty { fields.append("tracestate", self.context.state) }
    }

    /// `traceparent`, in version 00; the buffer is valid within `body` only.
    func withParent<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.parentBytes) { buffer in
            buffer.initialize(repeating: UInt8(ascii: "-"))
            buffer[0] = UInt8(ascii: "0")
            buffer[1] = UInt8(ascii: "0")
            HexDigits.write(self.context.traceID.high, to: buffer, at: 3)
            HexDigits.write(self.context.traceID.low, to: buffer, at: 19)
            HexDigits.write(self.attemptID, to: buffer, at: 36)
            // Two flags at most: one digit.
            buffer[53] = UInt8(ascii: "0")
            buffer[54] = UInt8(ascii: "0") + self.context.flags.rawValue
            return body(UnsafeBufferPointer(buffer))
        }
    }
}
