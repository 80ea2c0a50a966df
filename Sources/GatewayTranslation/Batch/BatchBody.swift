import GatewayJSON

/// The body of a batch: the items of its lines in what stands around them.
enum BatchBody {
    static func write(_ items: [VendorRequest], _ layout: Dialect.Batch.Layout) -> [UInt8] {
        var body: [UInt8] = []
        let around = if case .list(let before, let after) = layout { before.count + after.count + 2 } else { 0 }
        body.reserveCapacity(items.reduce(around) { $0 + $1.body.count + 1 })
        switch layout {
        case .list(let before, let after):
            body += before
            body.append(UInt8(ascii: "["))
            for (position, item) in items.enumerated() {
                if position > 0 { body.append(UInt8(ascii: ",")) }
                body += item.body
            }
            body.append(UInt8(ascii: "]"))
            body += after
        case .lines:
            // What is written for vendors has no line's end in it: JSON escapes those of texts.
            for (position, item) in items.enumerated() {
                if position > 0 { body.append(UInt8(ascii: "\n")) }
                body += item.body
            }
        }
        return body
    }
}
