import GatewayTranslation

/// What a connection refuses in an exchange's name.
extension Exchange {
    /// There is no room for this body beside the others of its connection.
    func refuseForSpace() {
        self.refuse(
            Problem(
                .overloaded,
                detail: "This connection has too many unfinished request bodies at once.",
                isRetryable: true, retryAfterSeconds: 1))
    }
}
