/// Why bytes are not a JSON document, in Foundation's words.
struct SandboxJSONError: Error, Equatable {
    let reason: String
}
