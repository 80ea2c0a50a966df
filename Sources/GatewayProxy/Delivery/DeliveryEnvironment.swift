import GatewayJSON
import GatewayMetrics
import GatewayTranslation
import Logging
import NIOCore

/// What the deliveries of one event loop share: the translator, what is kept for each target, time and storage.
///
/// Confined to its event loop.
final class DeliveryEnvironment {
    let eventLoop: any EventLoop
    let clock: LoopClock
    let deadlines: Deadlines
    let bodyBuffers: BodyBuffers
    var random: LoopRandom
    let logger: Logger
    let upstream: UpstreamEnvironment
    let turns: ProductTurns
    /// Its storage is one delivery's at a time.
    private(set) var translator: Translator
    let metrics: WorkerMetrics
    /// Nil where no spans are sent.
    var traces: DeliveryTraces?
    /// By the targets' indexes.
    private var states: [TargetState] = []

    init(
        upstream: UpstreamEnvironment, turns: ProductTurns, metrics: WorkerMetrics, targets: TargetDirectory,
        limits: GatewayLimits
    ) {
        self.eventLoop = upstream.eventLoop
        self.clock = upstream.clock
        self.deadlines = upstream.deadlines
        self.bodyBuffers = upstream.bodyBuffers
        self.random = upstream.random
        self.logger = upstream.logger
        self.upstream = upstream
        self.turns = turns
        self.metrics = metrics
        self.translator = Translator(limits: JSONLimits(limits))
        self.states = targets.all.map { self.makeState(of: $0) }
    }

    /// Puts a new configuration in force, for the deliveries that begin from now on.
    func replace(targets: TargetDirectory, limits: GatewayLimits) {
        self.translator = Translator(limits: JSONLimits(limits))
        for state in self.states { state.forgetPool() }
        self.states = targets.all.map { self.makeState(of: $0) }
    }

    func state(of target: Target) -> TargetState {
        if target.index < self.states.count {
            let state = self.states[target.index]
            if state.target === target { return state }
        }
        // One of a configuration that is not in force any more.
        return self.makeState(of: target)
    }

    /// For how long the target's vendor has answered nothing, in nanoseconds.
    func silence(of target: Target, now: UInt64) -> UInt64 {
        self.state(of: target).pool.silence.duration(now: now)
    }

    private func makeState(of target: Target) -> TargetState {
        TargetState(target: target, metrics: self.metrics.target(target.name), upstream: self.upstream)
    }

    func renewToken(of source: OAuth2TokenSource, after pause: UInt64 = 0) {
        TokenRenewal(source: source, environment: self.upstream).start(after: pause)
    }
}
