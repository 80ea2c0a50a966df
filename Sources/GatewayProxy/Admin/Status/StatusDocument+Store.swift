import GatewayJSON
import GatewayMetrics

extension StatusDocument {
    /// Where idempotency keys are kept, what became of them in the window, and whose the limits are.
    func writeStore(to writer: inout JSONWriter) {
        guard let store = self.state.store else { return }
        let (from, to) = (self.window.from.metrics, self.window.to.metrics)
        writer.name("store")
        writer.beginObject()
        writer.member("engine", store.engine)
        writer.member("survivesRestart", store.survivesRestart)
        if let failure = store.failure() { writer.member("failure", failure) }
        writer.member("limits", store.sharing.map { $0.alone == 0 ? "shared" : "alone" } ?? "own")
        writer.name("claims")
        writer.beginObject()
        for result in KeyClaimResult.allCases {
            writer.member(
                result.label, max(0, to.value(.keyClaims, result.rawValue) - from.value(.keyClaims, result.rawValue)))
        }
        writer.endObject()
        writer.member(
            "failures",
            StoreFailureKind.allCases.reduce(0) {
                $0 + max(0, to.value(.storeFailures, $1.rawValue) - from.value(.storeFailures, $1.rawValue))
            })
        writer.endObject()
    }
}
