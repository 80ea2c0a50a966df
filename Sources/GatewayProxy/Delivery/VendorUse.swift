/// What the attempts of a delivery have taken, for its log line.
struct VendorUse: Equatable {
    /// From handing each request to a stream to the end of the attempt.
    private(set) var nanoseconds: UInt64 = 0
    /// Of request bodies.
    private(set) var bytesSent = 0
    /// Of answer bodies, as far as they came.
    private(set) var bytesReceived = 0

    /// Adds an attempt that is over; one that never came to a stream took nothing.
    mutating func add(_ attempt: Attempt, now: UInt64) {
        guard let sentAt = attempt.sentAt else { return }
        self.nanoseconds &+= now &- sentAt
        self.bytesSent &+= attempt.request.body.count
        self.bytesReceived &+= attempt.bytesReceived
    }
}
