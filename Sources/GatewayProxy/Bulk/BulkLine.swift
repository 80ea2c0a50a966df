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
    /// What it takes of the window.
    let bytesHeld: Int
    let requestID: RequestID
    /// The canonical document, until every part has been translated for good.
    let product: [UInt8]
    /// Targets without a result.
    var partsLeft = 0

    init(number: Int, request: BulkRequest, bytesHeld: Int, requestID: RequestID) {
        self.number = number
        self.id = request.id
        self.operation = request.operation
        self.product = request.product
        self.bytesHeld = bytesHeld
        self.requestID = requestID
    }
}
