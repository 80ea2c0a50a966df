import GatewayConfiguration
import GatewayTranslation

extension KeyedRequests.Settings {
    init(_ configuration: IdempotencyConfiguration, store: StoreConfiguration) {
        self.patienceNanoseconds = store.timeout.nanoseconds
        self.required = Set(
            configuration.required.map { operation in
                switch operation {
                case .create: .create
                case .update: .update
                }
            })
        self.retentionMilliseconds = Int(clamping: configuration.retention.nanoseconds / 1_000_000)
    }
}
