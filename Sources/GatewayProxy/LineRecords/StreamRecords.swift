import GatewayStore
import GatewayTranslation

/// What the records of streams of one event loop share: the store, the settings of keys, and how records are named.
///
/// Confined to its event loop.
final class StreamRecords {
    let keyed: KeyedRequests
    /// Nil where this OpenSSL has no SHA-256: then no key can be kept.
    let names: StreamNames?

    init(_ keyed: KeyedRequests) {
        self.keyed = keyed
        self.names = try? StreamNames()
    }

    /// The record of a stream with its key, which is to be opened; nil where it has none, or changes nothing. A failure
    /// where no record can be named.
    func record(of question: borrowing Question, requestID: RequestID) -> Result<StreamRecord, Problem>? {
        guard case .key(let key) = question.conditions.idempotencyKey, question.stream != nil, !question.isDryRun else {
            return nil
        }
        let targets = question.targets.map(\.name).sorted()
        guard let names = self.names, let name = names.stream(key, scope: question.caller?.name ?? ""),
            let fingerprint = names.fingerprint(
                targets: targets, handling: question.preferences.handling.map { "\($0)" } ?? "")
        else { return .failure(.storeUnavailable(reason: "cannot name a record")) }
        let longest = question.targets.lazy.map(\.timeouts.totalNanoseconds).max() ?? 0
        let claim = KeyClaim(
            name: name, fingerprint: fingerprint, requestID: requestID.string, owner: self.keyed.random.next(),
            leaseMilliseconds: Int(clamping: (longest &+ StreamRecord.leaseMarginNanoseconds) / 1_000_000),
            retentionMilliseconds: self.keyed.settings.retentionMilliseconds, targets: StreamRecord.parts,
            startsSending: false)
        return .success(
            StreamRecord(
                claim, names: names, lanes: question.targets.map { targets.firstIndex(of: $0.name) ?? 0 },
                room: self.keyed))
    }

    /// A look at what is known of a stream with this key; nil where no record can be named.
    func inquiry(about key: [UInt8], of caller: Caller?) -> StreamInquiry? {
        guard let names = self.names, let name = names.stream(key, scope: caller?.name ?? "") else { return nil }
        return StreamInquiry(name, names: names, room: self.keyed)
    }
}
