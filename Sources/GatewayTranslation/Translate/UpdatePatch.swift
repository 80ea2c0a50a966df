import GatewayDocuments

/// A caller's update as it came, kept until what it is to be laid over has been read.
///
/// It was found to be right; only what it adds to a map is checked once more, against what the vendor has.
struct UpdatePatch: Sendable {
    let body: [UInt8]
    let handling: Handling
    let operation: ProductOperation
    let key: VendorKey?
}
