import NIOCore

/// Where an endpoint is, as one worker knows it: looked up when somebody dials, and again when the addresses have
/// aged while connections are open, so that a vendor can move.
///
/// Its deadline is the addresses' age. A lookup that fails changes nothing for connections that are there. An endpoint
/// given by its address is never looked up. Confined to its worker's event loop.
final class UpstreamAddresses: Deadline {
    typealias Outcome = Result<[SocketAddress], AttemptFailure>

    private let endpoint: UpstreamEndpoint
    private unowned let environment: UpstreamEnvironment
    private let isLiteral: Bool
    private var known: [SocketAddress] = []
    private var knownUntil: UInt64 = 0
    /// Those that others were faster than, since the last lookup.
    private var avoided: Set<String> = []
    private var isLookingUp = false
    private var waiting: [(Outcome) -> Void] = []
    /// Whether somebody is to be told when the addresses were looked up again.
    var isWatched: () -> Bool = { false }
    /// Told the IP addresses that a repeated lookup has found.
    var onRenewal: (Set<String>) -> Void = { _ in }

    init(endpoint: UpstreamEndpoint, environment: UpstreamEnvironment) {
        self.endpoint = endpoint
        self.environment = environment
        if let address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port) {
            self.known = [address]
            self.isLiteral = true
        } else {
            self.isLiteral = false
        }
    }

    /// The addresses in the order in which to try them; told at once where they are known and young enough.
    func find(_ completion: @escaping (Outcome) -> Void) {
        if self.isLiteral || self.environment.clock.now() < self.knownUntil {
            completion(.success(AddressOrder.arrange(self.known, last: self.avoided)))
            return
        }
        self.waiting.append(completion)
        self.lookUp()
    }

    /// A connection has come about to one of `addresses`, which were tried in that order: those in front of it were too
    /// slow or do not answer, and are not waited for again before the next lookup.
    func connected(to address: String?, of addresses: [SocketAddress]) {
        guard let address else { return }
        for tried in addresses {
            guard let ip = tried.ipAddress, ip != address else { break }
            self.avoided.insert(ip)
        }
        self.avoided.remove(address)
    }

    override func deadlineReached() {
        if self.isWatched() { self.lookUp() }
    }

    private func lookUp() {
        guard !self.isLookingUp else { return }
        self.isLookingUp = true
        let reply = LoopReply(to: self.environment.eventLoop) { self.lookedUp($0) }
        self.environment.names.find(self.endpoint.host) { reply.send($0) }
    }

    private func lookedUp(_ outcome: NameLookup.Outcome) {
        self.isLookingUp = false
        self.environment.deadlines.schedule(self, in: self.endpoint.addressLifetimeNanoseconds)
        let waiting = self.waiting
        self.waiting.removeAll()
        switch outcome {
        case .success(let addresses):
            self.known = addresses.map { address in
                var address = address
                address.port = self.endpoint.port
                return address
            }
            self.knownUntil = self.environment.clock.now() &+ self.endpoint.addressLifetimeNanoseconds
            self.avoided.removeAll()
            let arranged = AddressOrder.arrange(self.known, last: [])
            for completion in waiting { completion(.success(arranged)) }
            self.onRenewal(Set(addresses.compactMap(\.ipAddress)))
        case .failure(let failure):
            let host = self.endpoint.host
            for completion in waiting {
                completion(
                    .failure(
                        .notConnected(reason: "the name \(host) could not be looked up (\(failure.reason))")))
            }
            if waiting.isEmpty {
                var metadata = self.environment.description(of: self.endpoint)
                metadata["reason"] = "\(failure.reason)"
                self.environment.logger.warning(
                    "a name could not be looked up again; its connections are kept", metadata: metadata)
            }
        }
    }
}
