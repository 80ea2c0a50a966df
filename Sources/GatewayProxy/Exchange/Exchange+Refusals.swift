import GatewayTranslation

/// What a connection refuses in an exchange's name.
extension Exchange {
    /// Answers a request whose fields were too large to keep.
    func refuseOversizedFields() {
        self.refuseUnread(
            Problem(
                .invalidRequest,
                detail: "The request's header fields are larger than \(self.environment.limits.fieldSectionBytesMax)"
                    + " bytes, or more than \(self.environment.limits.fieldsMax)."))
    }

    /// There is no room for this body beside the others of its connection.
    func refuseForSpace() {
        self.refuse(
            Problem(
                .overloaded,
                detail: "This connection has too many unfinished request bodies at once.",
                retryAfterSeconds: 1))
    }
}
