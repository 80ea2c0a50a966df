import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// Which names callers may choose in a map, or which locales.
    package struct KeyRule: Sendable {
        package var characters: CharacterRule?
        /// In characters (Unicode scalar values).
        package var lengthMax: Int?
        /// What no name may begin with, in any case.
        package var refusedPrefixes: [String] = []
        /// What no name may be, in any case.
        package var refused: [String] = []

        static func reading(_ place: Place) -> KeyRule {
            place.readObject { members in
                let rule = KeyRule(
                    characters: Shape.characters(members),
                    lengthMax: members.optional("maxLength")?.integer(
                        in: 1...Int(Int32.max), expected: "a whole number greater than 0"),
                    refusedPrefixes: members.optional("withoutPrefixes")?.texts() ?? [],
                    refused: members.optional("without")?.texts() ?? [])
                if members.node?.members.isEmpty == true { place.refuse("expected at least one limit") }
                if rule.refusedPrefixes.contains("") { place.refuse("every name begins with an empty prefix") }
                return rule
            }
        }
    }
}
