import GatewayTLS
import NIOCore

/// Sends commands about one key to the server that has it, and follows where a cluster says that is.
///
/// Confined to its event loop.
final class RedisClient {
    private let settings: RedisSettings
    private let eventLoop: any EventLoop
    private let scratch = TLSScratchBuffer()
    private var nodes: [RedisAddress: RedisNode] = [:]
    private let first: RedisAddress
    /// What a cluster has said of slots; empty where the server is alone.
    private var slots: [Int: RedisAddress] = [:]
    private let report: (RedisAddress, RedisFailure?) -> Void
    private var isClosed = false
    /// Told once, when the configured server serves for the first time.
    var whenReady: (() -> Void)?

    /// More servers than a cluster with all its slots on our few keys has; what would be more is not followed.
    private static let nodesMax = 256
    /// A cluster that moves a slot says so once or twice; more is a circle.
    private static let redirectionsMax = 5

    /// - Parameter report: told of each server whose failure begins, and with nil when it serves.
    init(
        settings: RedisSettings, eventLoop: any EventLoop, report: @escaping (RedisAddress, RedisFailure?) -> Void
    ) {
        self.settings = settings
        self.eventLoop = eventLoop
        self.report = report
        self.first = RedisAddress(host: settings.host, port: settings.port)
    }

    /// Connects to the configured server, without a command.
    func start() {
        self.node(at: self.first)?.connectIfIdle()
    }

    /// Why commands fail; nil where they do not, as far as the configured server tells.
    var failure: RedisFailure? { self.node(at: self.first)?.failure }

    func close() {
        self.isClosed = true
        for node in self.nodes.values { node.close() }
    }

    /// To the configured server, about no key.
    func send(_ command: RedisCommand, take: @escaping RedisConnection.Take) {
        guard let node = self.node(at: self.first) else { return take(.failure(Self.closed)) }
        node.send(command, take: take)
    }

    /// - Parameter take: told once, within the call where there is no connection.
    func send(_ command: RedisCommand, about key: [UInt8], take: @escaping RedisConnection.Take) {
        let slot = RedisSlot.of(key)
        self.send(command, slot: slot, to: self.slots[slot] ?? self.first, redirections: 0, take: take)
    }

    private static let closed = RedisFailure(reason: "the gateway is stopping", wasSent: false)

    private func send(
        _ command: RedisCommand, slot: Int, to address: RedisAddress, redirections: Int,
        take: @escaping RedisConnection.Take
    ) {
        guard let node = self.node(at: address) else { return take(.failure(Self.closed)) }
        node.send(command) { [weak self] result in
            guard let self, case .success(.error(let text)) = result,
                let redirection = RedisRedirection(text, from: address.host)
            else {
                if case .failure(let failure) = result, !failure.wasSent { self?.slots[slot] = nil }
                if case .success(.error(let text)) = result, Self.isMisplaced(text) {
                    node.reconnect(because: text)
                }
                return take(result)
            }
            guard redirections < Self.redirectionsMax, redirection.slot == slot else {
                return take(.failure(RedisFailure(reason: "its servers send each other our commands: \(text)")))
            }
            if redirection.isMoved {
                self.slots[slot] = redirection.address
            } else {
                // Taken by the new server for the next command only (ASK).
                self.node(at: redirection.address)?.send(RedisCommand("ASKING")) { _ in }
            }
            self.send(
                command, slot: slot, to: redirection.address, redirections: redirections + 1, take: take)
        }
    }

    /// A server that does not take writes any more: a connection anew may lead to the one that does.
    private static func isMisplaced(_ error: String) -> Bool { error.hasPrefix("READONLY") }

    private func node(at address: RedisAddress) -> RedisNode? {
        guard !self.isClosed else { return nil }
        if let node = self.nodes[address] { return node }
        guard self.nodes.count < Self.nodesMax else { return nil }
        let report = self.report
        let node = RedisNode(
            address: address, settings: self.settings, eventLoop: self.eventLoop, scratch: self.scratch
        ) { [weak self] failure in
            report(address, failure)
            guard failure == nil, let self, address == self.first, let whenReady = self.whenReady else { return }
            self.whenReady = nil
            whenReady()
        }
        self.nodes[address] = node
        return node
    }
}
