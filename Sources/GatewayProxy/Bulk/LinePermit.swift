import GatewayTranslation

/// Lets a part of a stream with a key be sent: while the stream owns its record, and a create when the store has that
/// it may have been sent. Confined to its event loop.
final class LinePermit: SendingPermit {
    private let part: BulkPart
    private let record: StreamRecord

    init(of part: BulkPart, _ record: StreamRecord) {
        self.part = part
        self.record = record
    }

    var patienceNanoseconds: UInt64 { self.record.room.settings.patienceNanoseconds }

    func vendorKey(for target: String) -> String? {
        self.record.vendorKey(of: self.part.line.number, digest: self.part.line.digest, target: target)
    }

    func permit(
        _ target: String, endsBy: UInt64, reply: () -> LoopReply<SendingDecision>
    ) -> SendingDecision? {
        let (part, record) = (self.part, self.record)
        guard record.holds(until: endsBy) else { return .refused(.storeUnavailable(target: target)) }
        if !part.isBegun {
            part.isBegun = true
            record.begin(part.line.number, at: part.lane.index)
        }
        guard !part.isRepeatable, !part.isBegunKept else { return .granted }
        let reply = reply()
        record.whenKept(patience: nil) {
            guard record.holds(until: endsBy) else {
                return reply.send(.refused(.storeUnavailable(target: target)))
            }
            part.isBegunKept = true
            reply.send(.granted)
        }
        return nil
    }
}
