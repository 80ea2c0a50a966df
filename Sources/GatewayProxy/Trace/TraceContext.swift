import GatewayHTTP

/// Where an exchange stands in a distributed trace (W3C Trace Context level 2, sections 3.2 and 3.3): the trace that
/// its caller began, or one that begins here.
///
/// A value of a few words; making one allocates nothing but the caller's `tracestate`, where a target wants it.
struct TraceContext: Equatable {
    let traceID: TraceID
    /// The caller's own operation, its `parent-id`; nil where the trace begins here.
    let callerID: UInt64?
    let flags: Flags
    /// The caller's `tracestate`, checked and cut to size; empty where there is none to pass on.
    let state: [UInt8]

    /// The flags that are defined; all others are sent as 0 (section 3.2.2.5).
    struct Flags: OptionSet {
        let rawValue: UInt8

        /// The caller may have recorded the trace. Passed on as it came: whether the trace is kept here is
        /// decided at its end.
        static let sampled = Flags(rawValue: 0x01)
        /// The trace id is random, so that it can be sampled by.
        static let random = Flags(rawValue: 0x02)
        static let defined: Flags = [.sampled, .random]
    }

    /// A trace that begins here: random, and not marked as sampled, because whether it is kept is decided at its end.
    init(from generator: inout some RandomNumberGenerator) {
        self.traceID = TraceID(from: &generator)
        self.callerID = nil
        self.flags = .random
        self.state = []
    }

    /// A trace that the caller began.
    init(traceID: TraceID, callerID: UInt64, flags: Flags, state: [UInt8]) {
        self.traceID = traceID
        self.callerID = callerID
        self.flags = flags.intersection(.defined)
        self.state = state
    }
}

/// The id of a whole trace: 128 bits, never all 0 (section 3.2.2.3).
struct TraceID: Equatable {
    let high: UInt64
    let low: UInt64

    init?(high: UInt64, low: UInt64) {
        guard high != 0 || low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// A new one.
    init(from generator: inout some RandomNumberGenerator) {
        self.high = generator.next()
        let low: UInt64 = generator.next()
        // Zeros are forbidden; that they come at all is a slip of the system's.
        self.low = self.high == 0 && low == 0 ? 1 : low
    }

    /// As logs and `traceparent` write it: 32 hexadecimal digits.
    var string: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            HexDigits.write(self.high, to: buffer, at: 0)
            HexDigits.write(self.low, to: buffer, at: 16)
            return 32
        }
    }
}
