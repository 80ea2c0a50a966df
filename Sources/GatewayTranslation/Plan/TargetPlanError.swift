/// One option of a target that does not fit its dialect.
package struct TargetPlanMistake: Sendable, Equatable {
    /// The option's place within `TargetOptions`: `parameters.source`, `enabledFields[0]`.
    package let option: String
    package let message: String
}

/// Everything about a target's options that does not fit its dialect.
package struct TargetPlanError: Error, Sendable, Equatable {
    package let mistakes: [TargetPlanMistake]
}
