import GatewayTranslation

/// Lets a batch of a stream with a key be sent: while the stream owns its record, and when the store has of each create
/// among its lines that it may have been sent. Confined to its event loop.
final class BatchPermit: SendingPermit {
    private let parts: [BulkPart]
    private let record: StreamRecord

    init(of parts: [BulkPart], _ record: StreamRecord) {
        self.parts = parts
        self.record = record
    }

    var patienceNanoseconds: UInt64 { self.record.room.settings.patienceNanoseconds }

    /// A batch has no key at the vendor: it is about many lines.
    func vendorKey(for target: String) -> String? { nil }

    func permit(
        _ target: String, endsBy: UInt64, reply: () -> LoopReply<SendingDecision>
    ) -> SendingDecision? {
        let (parts, record) = (self.parts, self.record)
        guard record.holds(until: endsBy) else { return .refused(.storeUnavailable(target: target)) }
        for part in parts where !part.isBegun {
            part.isBegun = true
            record.begin(part.line.number, at: part.lane.index)
        }
        guard parts.contains(where: { !$0.isRepeatable && !$0.isBegunKept }) else { return .granted }
        let reply = reply()
        record.whenKept(patience: nil) {
            guard record.holds(until: endsBy) else {
                return reply.send(.refused(.storeUnavailable(target: target)))
            }
            for part in parts { part.isBegunKept = true }
            reply.send(.granted)
        }
        return nil
    }
}
