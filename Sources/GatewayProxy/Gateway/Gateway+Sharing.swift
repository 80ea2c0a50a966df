import NIOCore

extension Gateway {
    /// Begins to keep limits together with other instances, where the store can.
    static func startSharing(
        _ store: OpenStore, counts: SharingCounts, instances: Int, on eventLoop: any EventLoop
    ) async throws -> NIOLoopBound<LimitSharing>? {
        try await eventLoop.submit { store.sharing(counts: counts, instances: instances, on: eventLoop) }.get()
    }
}

extension NIOLoopBound<LimitSharing> {
    /// These targets and callers are in force.
    func share(_ targets: [Target], _ callers: CallerDirectory?) async throws {
        try await self.eventLoop.submit {
            let limits = callers?.callers.compactMap(\.limits).flatMap(\.shared) ?? []
            self.value.replace(
                rates: limits + targets.compactMap(\.health.sharedPace), targets: targets.map { ($0.name, $0.health) })
        }.get()
    }
}
