/// What loading does about secrets, and about the TLS files that only the real machine has.
package enum SecretPolicy: Sendable {
    /// All must be there: what `run` needs.
    case required
    /// What is missing here is a warning; what is there is checked. For `check`, which also runs
    /// where a configuration is written and not only where it is used.
    case reported
    /// Nothing is read. For `translate` and `fold`, which send nothing.
    case ignored
}
