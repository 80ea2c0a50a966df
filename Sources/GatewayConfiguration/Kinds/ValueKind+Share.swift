import GatewayDocuments
import GatewayJSON

extension ValueKind where Value == Double {
    /// A share of something: a number from 0 to 1.
    static var share: ValueKind {
        let expected = "a number from 0 to 1"
        return ValueKind(
            typeName: "number", range: "0 to 1",
            schema: [.init("type", "number"), .init("minimum", .integer(0)), .init("maximum", .integer(1))],
            expected: expected,
            read: { place, _ in
                guard let node = place.node, node.kind == .number,
                    let share = Double(String(decoding: node.rawBytes, as: UTF8.self)), (0...1).contains(share)
                else {
                    place.refuse(expected: expected, .number)
                    return nil
                }
                return share
            },
            render: { share in
                let whole = Int(share)
                return Double(whole) == share ? .integer(whole) : .text(JSONText(bytes: Array("\(share)".utf8)))
            })
    }
}
