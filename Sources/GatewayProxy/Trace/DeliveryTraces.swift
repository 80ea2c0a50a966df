/// The storage of one event loop's delivery traces: nothing is allocated once there is as much as is under way.
final class DeliveryTraces {
    private var free: [DeliveryTrace] = []

    /// What is kept for later: as many deliveries as are under way on a busy worker. More are made when there are more.
    private static let freeMax = 1024

    func take() -> DeliveryTrace { self.free.popLast() ?? DeliveryTrace() }

    func giveBack(_ trace: DeliveryTrace) {
        guard self.free.count < Self.freeMax else { return }
        self.free.append(trace)
    }
}
