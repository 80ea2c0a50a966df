/// One option of a target that does not fit its dialect.
package struct TargetOptionError: Sendable, Equatable {
    /// Which part of `TargetOptions`.
    package enum Option: Sendable, Equatable {
        case parameter(String)
        /// The index of a pointer.
        case enabledField(Int)
        case clearableField(Int)
        case updateSemantics
    }

    package let option: Option
    package let message: String
}

/// Everything about a target's options that does not fit its dialect.
package struct TargetPlanError: Error, Sendable, Equatable {
    package let errors: [TargetOptionError]
}
