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
    private var slots = RedisSlotMap()
    /// When a cluster was last asked for all its slots.
    private var askedForSlotsAt: NIODeadline?
    private let report: (RedisClient, RedisAddress, RedisFailure?) -> Void
    private var isClosed = false
    /// Told once, when the configured server serves for the first time.
    var whenReady: (() -> Void)?

    /// More servers than a cluster of ours has; what would be more is not followed.
    private static let nodesMax = 256
    /// A cluster that moves a slot says so once or twice; more is a circle.
    private static let redirectionsMax = 5
    /// While a server is away every command about its slots is redirected; one question is enough for many of them.
    private static let askingPause = TimeAmount.milliseconds(100)

    /// - Parameter report: told of each server whose failure begins, and with nil when it serves.
    init(
        settings: RedisSettings, eventLoop: any EventLoop,
        report: @escaping (RedisClient, RedisAddress, RedisFailure?) -> Void
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

    func close() {
        self.isClosed = true
        for node in self.nodes.values { node.close() }
    }

    /// To the server that has the command's key; to the configured one where it is about none.
    ///
    /// - Parameter take: told once, within the call where there is no connection.
    func send(_ command: RedisCommand, take: @escaping RedisConnection.Take) {
        // A server that is alone has all keys: where a key is does not matter then.
        guard !self.slots.isEmpty, let key = command.key else {
            return self.send(command, to: self.first, redirections: 0, take: take)
        }
        self.send(command, to: self.home(of: RedisSlot.of(key)), redirections: 0, take: take)
    }

    /// Where a slot is, or whoever may know where the configured server is away.
    private func home(of slot: Int) -> RedisAddress {
        if let address = self.slots[slot] { return address }
        guard self.nodes[self.first]?.failure != nil else { return self.first }
        return self.nodes.first { $0.value.failure == nil }?.key ?? self.first
    }

    private static let closed = RedisFailure(reason: "the gateway is stopping", wasSent: false)

    private func send(
        _ command: RedisCommand, to address: RedisAddress, redirections: Int, take: @escaping RedisConnection.Take
    ) {
        guard let node = self.node(at: address) else { return take(.failure(Self.closed)) }
        node.send(command) { [weak self] result in
            switch result {
            case .success(.error(let text)):
                guard let self else { return take(result) }
                self.refused(text, of: command, by: node, redirections: redirections, take: take)
            case .failure(let failure):
                // Another server may have the slot by now.
                if !failure.wasSent, let self, !self.slots.isEmpty, let key = command.key {
                    self.slots.forget(RedisSlot.of(key))
                }
                take(result)
            case .success:
                take(result)
            }
        }
    }

    private func refused(
        _ text: String, of command: RedisCommand, by node: RedisNode, redirections: Int,
        take: @escaping RedisConnection.Take
    ) {
        guard let redirection = RedisRedirection(text, from: node.address), let key = command.key else {
            // A server that does not take writes any more: a connection anew may lead to the one that does.
            if text.hasPrefix("READONLY") { node.reconnect(because: text) }
            return take(.success(.error(text)))
        }
        guard redirections < Self.redirectionsMax, redirection.slot == RedisSlot.of(key) else {
            return take(.failure(RedisFailure(reason: "its servers send each other our commands: \(text)")))
        }
        if redirection.isMoved {
            self.slots.set(redirection.slot...redirection.slot, to: redirection.address)
            self.askForSlots(node)
        } else {
            // Taken by the new server for the next command only (ASK).
            self.node(at: redirection.address)?.send(RedisCommand("ASKING")) { _ in }
        }
        self.send(command, to: redirection.address, redirections: redirections + 1, take: take)
    }

    /// A slot was moved, so others may have been: asks for all of them, instead of being redirected for each. A server
    /// that does not tell is asked again at the next redirection, and redirects meanwhile.
    private func askForSlots(_ node: RedisNode) {
        let now = NIODeadline.now()
        guard self.askedForSlotsAt.map({ now - $0 >= Self.askingPause }) ?? true else { return }
        self.askedForSlotsAt = now
        node.send(RedisCommand("CLUSTER", "SLOTS")) { [weak self] result in
            guard let self, case .success(let reply) = result,
                let slots = RedisSlotMap(reply, from: node.address.host)
            else { return }
            self.slots = slots
            self.dropStrangers()
        }
    }

    /// Servers that have left the cluster are not connected to for ever.
    private func dropStrangers() {
        for (address, node) in self.nodes
        where address != self.first && node.isAway && !self.slots.contains(address) {
            node.close()
            self.nodes[address] = nil
        }
    }

    /// Why commands fail, all of them or those about some keys; nil where none does.
    var failure: RedisFailure? {
        guard !self.slots.isEmpty else { return self.nodes[self.first]?.failure }
        for (address, node) in self.nodes where node.isAway && self.slots.contains(address) { return node.failure }
        return nil
    }

    private func node(at address: RedisAddress) -> RedisNode? {
        guard !self.isClosed else { return nil }
        if let node = self.nodes[address] { return node }
        guard self.nodes.count < Self.nodesMax else { return nil }
        let node = RedisNode(
            address: address, settings: self.settings, eventLoop: self.eventLoop, scratch: self.scratch
        ) { [weak self] failure in
            guard let self else { return }
            self.report(self, address, failure)
            guard failure == nil, address == self.first, let whenReady = self.whenReady else { return }
            self.whenReady = nil
            whenReady()
        }
        self.nodes[address] = node
        return node
    }
}
