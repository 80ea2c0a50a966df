package import GatewayStore
package import NIOCore

extension RedisStore {
    /// Connects, looks at one record, and tells; for whoever has no store open. To be called on the event loop, which
    /// must keep the result until it has been told.
    package static func inquiry(
        settings: RedisSettings, eventLoop: any EventLoop, about name: RecordName,
        take: @escaping @Sendable (LookUpResult) -> Void
    ) -> RedisStore {
        let time = StoreTime(monotonicMilliseconds: 0, epochMilliseconds: 0)
        let holder = NIOLoopBoundBox<RedisStore?>(nil, eventLoop: eventLoop)
        let store = RedisStore(settings: settings, bytesPerCaller: 0, eventLoop: eventLoop) { _, failure in
            if let failure { take(.failed(failure)) }
        } serves: {
            _ = holder.value?.lookUp(name, at: time) { take }
        }
        holder.value = store
        return store
    }
}
