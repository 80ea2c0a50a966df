/// One thing wrong with a request, as one item of the vendor's `errors`.
struct ElasticPathIssue: Sendable {
    let detail: String
    /// The specification requires `status`, yet what the vendor's own client recorded for missing fields has none.
    let hasStatus: Bool

    static func required(_ path: String) -> ElasticPathIssue {
        ElasticPathIssue(detail: "The \(path) field is required.", hasStatus: false)
    }

    static func invalid(_ detail: String) -> ElasticPathIssue {
        ElasticPathIssue(detail: detail, hasStatus: true)
    }

    static func wrongType(_ path: String, expected: String, _ value: SandboxJSON) -> ElasticPathIssue {
        .invalid("\(path): Invalid type. Expected: \(expected), given: \(value.kindName)")
    }
}
