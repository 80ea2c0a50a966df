import GatewayTranslation

/// What a caller asks for, read from the request's head alone.
///
/// Not copyable, because it is handed around by every request and refers to much.
struct Question: ~Copyable {
    /// The caller, and what proves it; nil where it need not identify itself.
    var identity: Identity?
    var caller: Caller? { self.identity?.caller }
    /// What the caller is to be told of its limits, where it has some.
    var rateLimit: RateLimitFields?
    /// Nil where the request is not about a product.
    var operation: ProductOperation?
    /// The product's id from the path, percent-decoded; nil for a create.
    var productID: [UInt8]?
    /// In the order in which the caller names them.
    var targets: [Target] = []
    var isDryRun = false
    var preferences = Preferences()
    var conditions = RequestConditions()
    /// What a stream of updates is to be like, where it is one: each of its lines says what it is about.
    var stream: StreamQuestion?
    /// What `content-length` says.
    var announcedBytes = 0

    /// For what outlives the request that it was read from.
    borrowing func copy() -> Question {
        var copy = Question()
        copy.identity = self.identity
        copy.rateLimit = self.rateLimit
        copy.operation = self.operation
        copy.productID = self.productID
        copy.targets = self.targets
        copy.isDryRun = self.isDryRun
        copy.preferences = self.preferences
        copy.conditions = self.conditions
        copy.stream = self.stream
        copy.announcedBytes = self.announcedBytes
        return copy
    }

    /// Whether one target is to be answered for, with all that it has to say.
    var isForOneWholeAnswer: Bool { self.targets.count == 1 && !self.preferences.isMinimal }
}
