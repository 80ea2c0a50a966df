/// What the code says of one key, from which the schema and the reference are made.
package struct KeyDeclaration: Sendable, Equatable {
    package let name: String
    /// For people: what the key means and why its default is what it is. Markdown.
    package let summary: String
    package let isRequired: Bool
    /// What holds where the key is absent.
    package let standard: Standard
    package let examples: [RenderedValue]
    package let takesEffect: TakesEffect
    package let shape: Shape

    /// What holds where a key is absent.
    package enum Standard: Sendable, Equatable {
        /// The key must be there.
        case none
        case value(RenderedValue)
        /// No value; this is what happens then.
        case absent(String)
        /// Each key of the object has its own.
        case members
    }

    /// When a changed value is taken up.
    package enum TakesEffect: Sendable, Equatable {
        /// With the next reload.
        case reload
        /// Only when the gateway is started again.
        case restart
    }

    /// What a value looks like.
    package indirect enum Shape: Sendable, Equatable {
        case value(ValueDescription)
        case object(ObjectDescription)
        /// An object with names that the operator chooses.
        case map(element: Shape)
    }
}

/// The keys of an object, and the rules between them.
package struct ObjectDescription: Sendable, Equatable {
    package let keys: [KeyDeclaration]
    package let rules: [KeyRule]
}

/// A rule between the keys of one object.
package enum KeyRule: Sendable, Equatable {
    case exactlyOne([String])
    case together(String, String)
}

/// What a single value looks like.
package struct ValueDescription: Sendable, Equatable {
    /// One or two words for the reference: `duration`.
    package let typeName: String
    /// The range, with units, for the reference; empty where there is none to tell.
    package let range: String
    /// JSON Schema of the value, without what the key adds.
    package let schema: [RenderedValue.Member]
}
