/// What the transport counts: tests ask it whether connections are reused and streams multiplexed.
struct ConnectionCounts: Sendable {
    private(set) var accepted = 0
    private(set) var open = 0
    private(set) var openStreams = 0
    private(set) var streamsConcurrentMax = 0
    private(set) var streamsPerConnectionMax = 0

    /// The number of the new connection, counted from 1.
    mutating func connectionOpened() -> Int {
        self.accepted += 1
        self.open += 1
        return self.accepted
    }

    mutating func connectionClosed(openStreams: Int) {
        self.open -= 1
        self.openStreams -= openStreams
    }

    /// - Parameter onConnection: how many streams that connection has now.
    mutating func streamOpened(onConnection: Int) {
        self.openStreams += 1
        self.streamsConcurrentMax = max(self.streamsConcurrentMax, self.openStreams)
        self.streamsPerConnectionMax = max(self.streamsPerConnectionMax, onConnection)
    }

    mutating func streamClosed() {
        self.openStreams -= 1
    }

    /// Forgets the highs; what is open stays open.
    mutating func reset() {
        self.accepted = self.open
        self.streamsConcurrentMax = self.openStreams
        self.streamsPerConnectionMax = 0
    }

    func document() -> SandboxJSON {
        [
            "accepted": SandboxJSON(self.accepted), "open": SandboxJSON(self.open),
            "streamsOpen": SandboxJSON(self.openStreams),
            "streamsConcurrentMax": SandboxJSON(self.streamsConcurrentMax),
            "streamsPerConnectionMax": SandboxJSON(self.streamsPerConnectionMax),
        ]
    }
}
