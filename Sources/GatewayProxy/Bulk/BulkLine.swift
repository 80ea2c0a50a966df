import GatewayTranslation

/// One line of a stream, from being taken until each of its targets has a result.
///
/// Confined to its event loop.
final class BulkLine {
    /// From 1, as the lines of the stream are counted.
    let number: Int
    /// UTF-8; nil for a create.
    let id: [UInt8]?
    let operation: ProductOperation
    /// Its own idempotency key.
    let key: [UInt8]?
    /// What it takes of the window.
    private(set) var bytesHeld: Int
    let requestID: RequestID
    /// The canonical document, until every part has been translated for good.
    private(set) var product: [UInt8]
    /// Of its number and content, where the stream has a key.
    let digest: UInt64
    /// Targets without a result.
    var partsLeft = 0

    init(number: Int, request: BulkRequest, bytesHeld: Int, requestID: RequestID, digest: UInt64 = 0) {
        self.number = number
        self.id = request.id
        self.operation = request.operation
        self.key = request.key
        self.product = request.product
        self.bytesHeld = bytesHeld
        self.requestID = requestID
        self.digest = digest
    }

    /// It is sent nowhere: its product is not needed.
    func dropProduct() {
        self.product = []
        self.bytesHeld = 0
    }
}
