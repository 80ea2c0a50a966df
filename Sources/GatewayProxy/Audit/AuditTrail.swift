import GatewayHTTP
import GatewayIdentity
import GatewayJSON
import GatewayTranslation

/// One worker's part of the audit: the members that a change names, and its lines.
///
/// No line is longer than 32 KiB, whatever its caller has written. Confined to its event loop.
final class AuditTrail {
    let audit: Audit
    private let clock: LoopClock
    private let limits: JSONLimits
    private let tape = JSONTape()
    /// The line that is being written, in storage that is used again.
    private var lines: [UInt8] = []

    /// - Parameter limits: of callers' bodies.
    init(_ audit: Audit, clock: LoopClock, limits: JSONLimits) {
        self.audit = audit
        self.clock = clock
        self.limits = limits
    }

    /// What a line takes beside its pointers: names of at most 63 bytes, an id and a key's name that are cut, digests.
    private static let lineBytesMax = 4 * 1024
    /// A product has some thirty members, and an update a few of them.
    private static let usualPointersBytes = 256

    /// Notes what a change names, before anything of it is sent, and keeps room for its lines where they have to be
    /// written.
    ///
    /// - Returns: nil where there is no room: nothing of it may be sent.
    func begin(_ body: [UInt8], targets: Int) -> AuditedChange? {
        let pointers = self.pointers(of: body)
        guard self.audit.isRequired else { return AuditedChange(pointers: pointers) }
        var rooms: [LogRoom] = []
        for _ in 0..<targets {
            guard let room = self.audit.writer.reserve(pointers.count + Self.lineBytesMax) else { return nil }
            rooms.append(room)
        }
        return AuditedChange(pointers: pointers, rooms: rooms)
    }

    /// The pointers to what an update sets, as a JSON array; never a value. `null` where the body is no object, or no
    /// JSON: no target takes it then.
    private func pointers(of body: [UInt8]) -> [UInt8] {
        var pointers: [UInt8] = []
        body.withUnsafeBufferPointer { bytes in
            JSONOutput.append(to: &pointers, expecting: Self.usualPointersBytes) { output in
                guard let view = try? self.tape.parse(bytes, limits: self.limits), view[0].kind == .object else {
                    output.append(literal: "null")
                    return
                }
                MemberListing.write(view, to: &output)
            }
        }
        return pointers
    }

    /// Writes a line of what has become of a change at one target. The writer has it when this returns. An answer that
    /// only repeats an earlier one is no change.
    func record(
        _ delivery: Delivery, of identity: Identity?, _ change: inout AuditedChange, address: String, ids: AuditIDs
    ) {
        guard delivery.resultKind != .replayed else { return }
        let room = change.takeRoom()
        self.lines.removeAll(keepingCapacity: true)
        let (second, milliseconds) = self.clock.logTime
        LogLine.append(
            to: &self.lines, level: "info", message: "audit", second: second, milliseconds: milliseconds,
            format: self.audit.writer.recordFormat
        ) { line in
            ids.write(to: &line)
            Self.write(identity, address: address, to: &line)
            line.append(literal: ",\"operation\":\"")
            line.append(text: delivery.order.operation.rawValue)
            line.append(literal: "\",\"target\":")
            line.append(quoting: delivery.target.name)
            if let id = delivery.productID ?? delivery.askedID ?? delivery.order.productID {
                line.append(literal: ",\"id\":")
                Self.append(short: id, to: &line)
            }
            line.append(literal: ",\"pointers\":")
            change.pointers.withUnsafeBufferPointer { line.append(bytes: $0) }
            Self.write(delivery, to: &line)
        }
        self.audit.writer.append(self.lines, in: room)
    }

    /// A text of somebody else's; of a long one its beginning and a digest.
    private static func append(short text: [UInt8], to line: inout JSONOutput) {
        if text.count <= JSONPointer.tokenBytesMax {
            line.append(quoting: text)
        } else {
            line.append(quoting: Digest.abridged(text))
        }
    }

    private static func write(_ identity: Identity?, address: String, to line: inout JSONOutput) {
        line.append(literal: ",\"caller\":")
        line.append(quoting: identity?.caller.name ?? "anonymous")
        if !address.isEmpty {
            line.append(literal: ",\"callerAddress\":")
            line.append(quoting: address)
        }
        identity?.proofMembers.withUnsafeBufferPointer { line.append(bytes: $0) }
    }

    private static func write(_ delivery: Delivery, to line: inout JSONOutput) {
        switch delivery.result {
        case .problem(let problem):
            line.append(literal: ",\"code\":\"")
            line.append(text: problem.code.rawValue)
            line.append(literal: "\",\"outcome\":\"")
            line.append(text: problem.outcome.rawValue)
        case nil where delivery.resultKind == .none:
            line.append(literal: ",\"code\":\"caller_left\",\"outcome\":\"")
            line.append(text: OutcomeRule.outcome(ofAbandoned: delivery.mayHaveActed).rawValue)
        default:
            line.append(literal: ",\"code\":\"ok\",\"outcome\":\"done")
        }
        line.append(UInt8(ascii: "\""))
    }
}

/// What leads from a line of the audit to the log and to traces.
struct AuditIDs {
    let requestID: RequestID
    let trace: TraceContext?

    func write(to line: inout JSONOutput) {
        line.append(literal: ",\"requestId\":\"")
        self.requestID.withBytes { line.append(bytes: $0) }
        line.append(UInt8(ascii: "\""))
        guard let trace = self.trace else { return }
        line.append(literal: ",\"traceId\":\"")
        HexDigits.withDigits(of: trace.traceID.high) { line.append(bytes: $0) }
        HexDigits.withDigits(of: trace.traceID.low) { line.append(bytes: $0) }
        line.append(UInt8(ascii: "\""))
    }
}
