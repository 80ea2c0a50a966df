/// What a request wants of a vendor's products.
enum ProductOperation: Equatable {
    case create
    case read
    case update
    case delete
}
