/// What a caller asks for that sends a stream of updates.
struct StreamQuestion: Equatable {
    /// As the lines come.
    let input: StreamFormat
    /// As the results go.
    let output: StreamFormat
    /// Whether a line is sent although an earlier one of the same product has failed.
    let goesOnAfterFailure: Bool
}
