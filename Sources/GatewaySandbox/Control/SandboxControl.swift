/// What can be changed from outside while the sandbox runs: behaviour and waiting faults. Used under one lock.
struct SandboxControl: Sendable {
    var behaviour: SandboxBehaviour
    private(set) var faults: [PlannedFault] = []
    private let faultsMax: Int

    init(_ options: SandboxOptions) {
        self.behaviour = options.behaviour
        self.faultsMax = options.limits.faultsMax
    }

    /// False when as many faults wait as may.
    mutating func plan(_ fault: PlannedFault) -> Bool {
        guard self.faults.count < self.faultsMax else { return false }
        self.faults.append(fault)
        return true
    }

    /// The first waiting fault that befalls the request; it is used up by one.
    mutating func takeFault(
        _ vendor: SandboxVendor, _ endpoint: RecordedExchange.Endpoint, method: String
    ) -> PlannedFault? {
        guard !self.faults.isEmpty,
            let index = self.faults.firstIndex(where: { $0.befalls(vendor, endpoint, method: method) })
        else { return nil }
        self.faults[index].remaining -= 1
        let fault = self.faults[index]
        if fault.remaining == 0 { self.faults.remove(at: index) }
        return fault
    }

    mutating func removeFaults() {
        self.faults.removeAll()
    }
}
