import GatewayHTTP
import GatewayIdentity
import GatewayJSON
import GatewayTranslation

/// One worker's part of the audit: the members that a change names, and its lines.
///
/// Confined to its event loop.
final class AuditTrail {
    let audit: Audit
    private let clock: LoopClock
    private let tape = JSONTape()

    init(_ audit: Audit, clock: LoopClock) {
        self.audit = audit
        self.clock = clock
    }

    /// A product has some thirty members; beyond that a line says how many more there are.
    private static let pointersMax = 100

    /// The pointers to what an update sets, as a JSON array; never a value. Empty where the body is no object.
    func pointers(of body: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        body.withUnsafeBufferPointer { bytes in
            guard let view = try? self.tape.parse(bytes, limits: .exchange), view[0].kind == .object else { return }
            var paths = ChangedMembers(pointersMax: Self.pointersMax)
            paths.walk(view)
            writer.beginArray()
            for pointer in paths.pointers { writer.string(pointer) }
            if paths.further > 0 { writer.string("and \(paths.further) more") }
            writer.endArray()
        }
        return writer.bytes
    }

    /// Writes a line of what has become of a change at one target. The writer has it when this returns. An answer that
    /// only repeats an earlier one is no change.
    func record(_ delivery: Delivery, of identity: Identity?, pointers: [UInt8], address: String, ids: AuditIDs) {
        guard delivery.resultKind != .replayed else { return }
        var lines: [UInt8] = []
        let (second, milliseconds) = self.clock.logTime
        LogLine.append(
            to: &lines, level: "info", message: "audit", second: second, milliseconds: milliseconds, format: .json
        ) { line in
            ids.write(to: &line)
            Self.write(identity, address: address, to: &line)
            line.append(literal: ",\"operation\":\"")
            line.append(text: delivery.order.operation.rawValue)
            line.append(literal: "\",\"target\":")
            line.append(quoting: delivery.target.name)
            if let id = delivery.productID ?? delivery.order.productID {
                line.append(literal: ",\"id\":")
                line.append(quoting: String(decoding: id, as: UTF8.self))
            }
            if !pointers.isEmpty {
                line.append(literal: ",\"pointers\":")
                pointers.withUnsafeBufferPointer { line.append(bytes: $0) }
            }
            Self.write(delivery, to: &line)
        }
        self.audit.writer.append(lines)
    }

    private static func write(_ identity: Identity?, address: String, to line: inout JSONOutput) {
        line.append(literal: ",\"caller\":")
        line.append(quoting: identity?.caller.name ?? "anonymous")
        if !address.isEmpty {
            line.append(literal: ",\"callerAddress\":")
            line.append(quoting: address)
        }
        switch identity?.proof {
        case .certificate(let digest):
            line.append(literal: ",\"proof\":\"certificate\",\"certificate\":\"")
            line.append(text: digest.hexadecimal)
            line.append(UInt8(ascii: "\""))
        case .key(let digest):
            // As much as tells it from the caller's other key.
            line.append(literal: ",\"proof\":\"key\",\"key\":\"")
            line.append(text: String(digest.hexadecimal.prefix(16)))
            line.append(UInt8(ascii: "\""))
        case .token(let issuer, let keyID):
            line.append(literal: ",\"proof\":\"token\",\"issuer\":")
            line.append(quoting: issuer)
            if let keyID {
                line.append(literal: ",\"kid\":")
                line.append(quoting: keyID)
            }
        case nil:
            break
        }
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
