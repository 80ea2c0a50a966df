import GatewayHTTP

/// What a caller says of the trace that its request belongs to, taken field by field in whatever order they come.
struct ReceivedTrace {
    private var parent: Parent?
    private var parentCount = 0
    /// All `tracestate` lines, joined as one list (RFC 9110 section 5.3). Looked at only where a target wants it.
    private var state: [UInt8] = []

    fileprivate struct Parent {
        let traceID: TraceID
        let callerID: UInt64
        let flags: TraceContext.Flags
    }

    /// Takes a `traceparent` line. A second one makes both invalid: nobody could say which is meant.
    mutating func take(parent value: UnsafeBufferPointer<UInt8>) {
        self.parentCount += 1
        self.parent = self.parentCount == 1 ? Parent(FieldValue.trimmed(value)) : nil
    }

    /// Takes a `tracestate` line; its size is bounded by the limit for header fields.
    mutating func take(state value: UnsafeBufferPointer<UInt8>) {
        if !self.state.isEmpty { self.state.append(UInt8(ascii: ",")) }
        self.state.append(contentsOf: value)
    }

    /// The caller's trace, if it has one that can be continued. Without it `tracestate` means nothing (W3C Trace
    /// Context section 3.3) and is dropped.
    ///
    /// - Parameter keepsState: whether somebody wants the `tracestate`, so that it is worth checking.
    func context(keepsState: Bool) -> TraceContext? {
        guard let parent = self.parent else { return nil }
        return TraceContext(
            traceID: parent.traceID, callerID: parent.callerID, flags: parent.flags,
            state: self.state.isEmpty || !keepsState ? [] : TraceState.checked(self.state))
    }
}

extension ReceivedTrace.Parent {
    /// `version "-" trace-id "-" parent-id "-" trace-flags`, each in lower-case hexadecimal.
    private static let length = 55

    /// Reads a `traceparent` (section 3.2.2). A later version may have more behind a further dash (section 3.2.4).
    fileprivate init?(_ value: UnsafeBufferPointer<UInt8>) {
        let dash = UInt8(ascii: "-")
        guard value.count >= Self.length, value[2] == dash, value[35] == dash, value[52] == dash,
            let version = HexDigits.read(value, from: 0, count: 2), version != 0xFF,
            value.count == Self.length || (version > 0 && value[Self.length] == dash),
            let high = HexDigits.read(value, from: 3, count: 16),
            let low = HexDigits.read(value, from: 19, count: 16),
            let traceID = TraceID(high: high, low: low),
            let callerID = HexDigits.read(value, from: 36, count: 16), callerID != 0,
            let flags = HexDigits.read(value, from: 53, count: 2)
        else { return nil }
        self.init(
            traceID: traceID, callerID: callerID,
            flags: TraceContext.Flags(rawValue: UInt8(truncatingIfNeeded: flags)))
    }
}
