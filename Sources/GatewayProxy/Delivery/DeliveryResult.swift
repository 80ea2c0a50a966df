import GatewayTranslation

/// What came of a delivery.
enum DeliveryResult {
    case product(CanonicalAnswer)
    /// A success that is answered with the vendor's own document.
    case vendorDocument([UInt8])
    /// Apart, because it is large and rare.
    case problem(Problem)
    /// What would have been sent, as a document.
    case dryRun([UInt8])

    /// Of its document.
    var bytesHeld: Int {
        switch self {
        case .product(let product): product.product.count
        case .vendorDocument(let document), .dryRun(let document): document.count
        case .problem: 0
        }
    }

    /// What kind of result it is, for those who need no more: the result itself is large.
    enum Kind: Equatable { case none, success, dryRun, problem, replayed }

    var kind: Kind {
        switch self {
        case .product, .vendorDocument: .success
        case .dryRun: .dryRun
        case .problem: .problem
        }
    }
}
