/// The path of a vendor request: literal text, the product's id, a target's parameters.
package struct PathTemplate: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
        case text(String)
        case id
        case parameter(String)
    }

    package let written: String
    package let parts: [Part]

    /// Reads `/v2/products/{id}`, with `{parameter:NAME}` for settings of the target. Nil where it is not a path.
    package init?(_ written: String) {
        guard written.utf8.first == UInt8(ascii: "/") else { return nil }
        guard written.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return nil }
        var parts: [Part] = []
        var rest = written[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let name = rest[rest.index(after: open)..<close]
            if name == "id" {
                parts.append(.id)
            } else if name.hasPrefix("parameter:"), name.count > 10 {
                parts.append(.parameter(String(name.dropFirst(10))))
            } else {
                return nil
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.written = written
        self.parts = parts
    }
}
