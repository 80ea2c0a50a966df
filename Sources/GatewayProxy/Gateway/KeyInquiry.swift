import GatewayRedis
package import GatewayStore
import NIOCore
import NIOPosix

/// Looks at what a store knows of one key, for an operator; changes nothing.
package enum KeyInquiry {
    package enum Finding {
        case found(RecordView, [Target])
        case absent
        /// The store is in the memory of the gateway that runs.
        case inMemory
        case failed(String)

        /// What is known of one target.
        package struct Target {
            package let name: String
            package let stage: TargetStage
            /// Of an answer that is kept, where this version can read it.
            package let status: Int?
            package let code: String?
        }
    }

    /// The first 16 digits of the record's name, as log lines have them.
    package static func digits(of key: String, caller: String) -> String? {
        self.name(of: key, caller: caller).map { String($0.digest.hexadecimal.prefix(16)) }
    }

    /// - Parameter caller: its name in the configuration; empty where callers are not told apart.
    package static func ask(_ store: ConfiguredStore, key: String, caller: String) async -> Finding {
        guard let name = self.name(of: key, caller: caller) else { return .failed("no record can be named") }
        switch store.engine {
        case nil: return .failed("the configuration has mistakes; product-gateway check shows them")
        case .memory: return .inMemory
        case .file(let path): return self.finding(FileStore.lookUp(name, in: path, at: self.now))
        case .redis(let settings): return self.finding(await self.ask(settings, name))
        }
    }

    /// - Parameter key: without quotes, or as the header field has it.
    private static func name(of key: String, caller: String) -> RecordName? {
        var bytes = Array(key.utf8)
        if bytes.first == UInt8(ascii: "\""),
            case .key(let unquoted) = bytes.withUnsafeBufferPointer({ IdempotencyKey($0) })
        {
            bytes = unquoted
        }
        return (try? RequestFingerprint())?.name(of: bytes, scope: caller)
    }

    private static var now: StoreTime {
        StoreTime(
            // Leases in a file are on the clock of the process that has it open.
            monotonicMilliseconds: Int(clamping: NIODeadline.now().uptimeNanoseconds / 1_000_000),
            epochMilliseconds: WallClock.epochNanoseconds() / 1_000_000)
    }

    /// How long a server may take to be connected to and to answer.
    private static let patience = TimeAmount.seconds(5)

    private static func ask(_ settings: RedisSettings, _ name: RecordName) async -> LookUpResult {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: LookUpResult.self)
        loop.execute {
            let inquiry = RedisStore.inquiry(settings: settings, eventLoop: loop, about: name) {
                promise.succeed($0)
            }
            loop.scheduleTask(in: self.patience) {
                promise.succeed(.failed(.unavailable(reason: "it does not answer")))
            }
            promise.futureResult.whenComplete { _ in inquiry.close() }
        }
        return (try? await promise.futureResult.get()) ?? .failed(.unavailable(reason: "it was given up"))
    }

    private static func finding(_ result: LookUpResult) -> Finding {
        switch result {
        case .absent: return .absent
        case .failed(let failure): return .failed(failure.description)
        case .found(let view):
            let targets = view.request.targets.map { target in
                let answer = target.stage == .done ? KeptAnswer(bytes: target.answer) : nil
                return Finding.Target(
                    name: target.name, stage: target.stage, status: answer?.status, code: answer?.code)
            }
            return .found(view, targets)
        }
    }
}
