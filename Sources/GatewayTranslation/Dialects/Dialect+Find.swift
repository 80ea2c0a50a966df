import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// How a product is found by what a caller knows of it, after a create whose answer was lost.
    package struct Find: Sendable {
        package enum Part: Sendable, Equatable {
            case text(String)
            case parameter(String)
            /// Tokens into the body of the create, to a text or a number.
            case sent([String])
        }

        /// Path and query.
        package let path: [Part]
        package let successStatuses: [Int]
        /// Tokens to the product in the answer; an element of a list where it is a search.
        package let product: [String]
        /// Tokens to where it would stand in the answer to a create; `[]`: it is the whole answer.
        package let envelope: [String]
    }

    private static let pathWords = "a path such as \"/products?externalId={/externalId}\", with a value that was sent"

    /// Reads the member `find` of a create.
    static func find(_ place: Place, parameters: [Parameter]) -> Find? {
        place.readObject { members in
            let path = members.required("path", expected: self.pathWords).flatMap { place in
                self.findPath(place, parameters: parameters)
            }
            let success = (members.optional("success")?.elements ?? []).compactMap {
                $0.integer(in: 200...299, expected: "an HTTP status from 200 to 299")
            }
            let product = members.optional("product")?.pointer() ?? []
            let envelope = members.optional("as")?.pointer() ?? []
            return path.map {
                Find(
                    path: $0, successStatuses: success.isEmpty ? [200] : success, product: product, envelope: envelope)
            }
        }
    }

    private static func findPath(_ place: Place, parameters: [Parameter]) -> [Find.Part]? {
        guard let written = place.node?.string, written.utf8.first == UInt8(ascii: "/"),
            written.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else {
            place.refuse(expected: self.pathWords, .string)
            return nil
        }
        var parts: [Find.Part] = []
        var rest = written[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}"),
                let part = self.findPart(String(rest[rest.index(after: open)..<close]), parameters: parameters)
            else {
                place.refuse("expected {/POINTER} into what is sent, or {parameter:NAME} of a parameter")
                return nil
            }
            parts.append(part)
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        let namesProduct = parts.contains { if case .sent = $0 { true } else { false } }
        if !namesProduct { place.refuse("the path must contain a value that was sent, by which the product is known") }
        return parts
    }

    private static func findPart(_ name: String, parameters: [Parameter]) -> Find.Part? {
        if name.hasPrefix("/") { return JSONPointer.tokens(name).map { .sent($0) } }
        guard name.hasPrefix("parameter:") else { return nil }
        let parameter = String(name.dropFirst(10))
        return parameters.contains { $0.name == parameter } ? .parameter(parameter) : nil
    }
}
