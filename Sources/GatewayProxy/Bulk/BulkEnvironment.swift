import GatewayJSON

/// What the streams of one event loop share.
///
/// Confined to its event loop.
final class BulkEnvironment {
    let deliveries: DeliveryEnvironment
    let recorder: ExchangeRecorder
    let records: StreamRecords
    let tape = JSONTape()
    /// The streams under way.
    private(set) var streams: [ObjectIdentifier: BulkStream] = [:]

    init(deliveries: DeliveryEnvironment, recorder: ExchangeRecorder, keyed: KeyedRequests) {
        self.records = StreamRecords(keyed)
        self.deliveries = deliveries
        self.recorder = recorder
    }

    var hasRoom: Bool { self.streams.count < BulkLimits.streamsMax }

    func began(_ stream: BulkStream) {
        self.streams[ObjectIdentifier(stream)] = stream
        self.recorder.streamBegan()
    }

    func ended(_ stream: BulkStream) {
        guard self.streams.removeValue(forKey: ObjectIdentifier(stream)) != nil else { return }
        self.recorder.streamEnded()
    }
}
