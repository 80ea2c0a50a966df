import GatewayJSON

/// The answers that are problems, for the OpenAPI document: one for each status, with every code that has it.
enum ProblemResponses {
    static func statuses(of codes: [ProblemCode]) -> [Int] { Set(codes.map(\.status)).sorted() }

    /// What answers of one status have beside the usual: what would be taken instead.
    private static let headers = [405: ["allow"], 415: ["accept", "accept-patch", "accept-encoding"]]

    /// The name in `components/responses`.
    static func name(of status: Int) -> String { "Problem\(status)" }

    /// Writes `components/responses`: those to requests about products, which may be about several targets.
    static func writeComponents(to writer: inout JSONWriter) {
        for status in self.statuses(of: ProblemCode.allCases) {
            writer.object(self.name(of: status)) {
                self.write(status, among: ProblemCode.allCases, mayBeSeveral: true, to: &$0)
            }
        }
    }

    /// Writes the members of one response: what those `codes` mean that have this `status`.
    ///
    /// - Parameter mayBeSeveral: several targets may have been asked, none of which has succeeded.
    static func write(
        _ status: Int, among codes: [ProblemCode], mayBeSeveral: Bool = false, to writer: inout JSONWriter
    ) {
        let codes = codes.filter { $0.status == status }
        writer.member("description", codes.map(self.line).joined(separator: "\n"))
        writer.headers(
            OpenAPIDocument.headersOfEveryAnswer + ["proxy-status", "retry-after"]
                + (mayBeSeveral ? ["idempotent-replayed"] : []) + (self.headers[status] ?? []))
        // The same schema with both media types, because generators take the schema of the first for all.
        let types = [Problem.mediaType] + (mayBeSeveral ? ["application/json"] : [])
        writer.object("content") { writer in
            for type in types {
                writer.object(type) { writer in
                    writer.schema(anyOf: ["Problem"] + (mayBeSeveral ? ["Results"] : []))
                    if type == Problem.mediaType { writer.examples(codes.map(\.rawValue)) }
                }
            }
        }
    }

    /// One code as an item of a list in Markdown.
    private static func line(of code: ProblemCode) -> String {
        "- `\(code.rawValue)`: \(code.meaning.meaning)"
    }
}
