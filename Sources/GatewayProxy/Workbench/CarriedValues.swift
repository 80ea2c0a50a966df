import GatewayJSON
import GatewayTranslation

/// Where each value of a text goes when it is translated: found by changing the value and looking at what changes in
/// what comes out. So it is true of whatever the translation does, and knows nothing of how.
///
/// Costs a translation or two for each value, so it is for a page and not for requests. Bounded by `Budget`.
enum CarriedValues {
    /// What comes out, by place: `/pointer` for a value of the body, `url`, `header:name`, and `status`; with
    /// `then 1 ` and so on before it for the requests that follow, which have a `method`, too.
    typealias Places = [String: [UInt8]]

    struct Link: Equatable {
        let from: String
        let to: [String]
    }

    /// How much may still be translated: some ten milliseconds of the admin listener's time.
    struct Budget {
        /// Bytes of documents.
        var left = 512 << 10
        private(set) var isSpent = false

        /// What a translation costs besides the reading of its document.
        private static let bytesAtLeast = 256

        mutating func spend(_ bytes: Int) -> Bool {
            guard self.left > 0 else {
                self.isSpent = true
                return false
            }
            self.left -= max(bytes, Self.bytesAtLeast)
            return true
        }
    }

    /// - Parameters:
    ///   - places: what comes out of the text as it is.
    ///   - render: what comes out of another text; nil where it is refused.
    static func links(
        of text: [UInt8], _ segments: TextSegments, places: Places, budget: inout Budget,
        render: ([UInt8]) -> Places?
    ) -> [Link] {
        var links: [Link] = []
        for leaf in segments.leaves {
            for variant in self.variants(of: leaf, in: text) {
                guard budget.spend(variant.count) else { return links }
                // Another status is another answer, which says nothing of where the value was.
                guard let other = render(variant), other["status"] == places["status"] else { continue }
                let changed = places.keys.filter { places[$0] != other[$0] }
                guard !changed.isEmpty else { continue }
                links.append(Link(from: leaf.pointer, to: changed.sorted()))
                break
            }
        }
        return links
    }

    /// The text with another value in the place of `leaf`, or without it: those that are likelier to be taken first.
    private static func variants(of leaf: TextSegments.Leaf, in text: [UInt8]) -> [[UInt8]] {
        var variants = self.replacements(of: leaf.kind, text[leaf.range], pointer: leaf.pointer).map { value in
            Array(text[..<leaf.range.lowerBound]) + value + Array(text[leaf.range.upperBound...])
        }
        if let removal = leaf.removal {
            variants.append(Array(text[..<removal.lowerBound]) + Array(text[removal.upperBound...]))
        }
        return variants
    }

    private static func replacements(
        of kind: JSONKind, _ value: ArraySlice<UInt8>, pointer: String
    ) -> [[UInt8]] {
        switch kind {
        case .true: [Array("false".utf8)]
        case .false: [Array("true".utf8)]
        case .number: [self.changingDigit(value)]
        case .string:
            [self.changingCharacter(value)]
                + CanonicalProduct.words(at: pointer).map { Array("\"\($0)\"".utf8) }.filter { $0[...] != value }
        case .null, .object, .array, .name: []
        }
    }

    /// The last digit of a number changed: the same length and sign.
    private static func changingDigit(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var changed = Array(value)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        if let last = changed.lastIndex(where: digits.contains) {
            changed[last] = changed[last] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
        }
        return changed
    }

    /// The last letter or digit of a string changed into another of its kind, so that a pattern still fits.
    private static func changingCharacter(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var changed = Array(value)
        func isPlain(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        let isEscaped = changed.contains(UInt8(ascii: "\\"))
        guard !isEscaped, let last = changed.lastIndex(where: isPlain) else {
            changed.insert(UInt8(ascii: "1"), at: changed.index(before: changed.endIndex))
            return changed
        }
        switch changed[last] {
        case UInt8(ascii: "1"): changed[last] = UInt8(ascii: "2")
        case UInt8(ascii: "0")...UInt8(ascii: "9"): changed[last] = UInt8(ascii: "1")
        case UInt8(ascii: "a"): changed[last] = UInt8(ascii: "b")
        case UInt8(ascii: "A"): changed[last] = UInt8(ascii: "B")
        default: changed[last] = changed[last] & 0x20 == 0 ? UInt8(ascii: "A") : UInt8(ascii: "a")
        }
        return changed
    }

    /// The places of the values of a JSON text; of another text, the whole of it as one.
    static func places(ofBody body: [UInt8], limits: JSONLimits) -> Places {
        guard let segments = try? TextSegments(body, limits: limits) else { return body.isEmpty ? [:] : ["": body] }
        return Dictionary(
            segments.leaves.map { ($0.pointer, Array(body[$0.range])) }, uniquingKeysWith: { first, _ in first })
    }

    /// Writes the links as `[["from", "to", …], …]`.
    static func write(_ links: [Link], to writer: inout JSONWriter) {
        writer.array("links") { writer in
            for link in links {
                writer.array { writer in
                    writer.string(link.from)
                    for place in link.to { writer.string(place) }
                }
            }
        }
    }
}
