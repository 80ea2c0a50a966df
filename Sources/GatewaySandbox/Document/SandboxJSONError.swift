/// Why bytes are not a JSON document, and where.
struct SandboxJSONError: Error, Equatable {
    let reason: String
}
