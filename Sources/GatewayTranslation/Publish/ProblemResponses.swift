import GatewayJSON

/// The answers that are problems, for the OpenAPI document: one for each status, with every code that has it.
enum ProblemResponses {
    static func statuses(of codes: [ProblemCode]) -> [Int] { Set(codes.map(\.status)).sorted() }

    /// The name in `components/responses`.
    static func name(of status: Int) -> String { "Problem\(status)" }

    /// Writes `components/responses`.
    static func writeComponents(to writer: inout JSONWriter) {
        for status in self.statuses(of: ProblemCode.allCases) {
            writer.object(self.name(of: status)) { self.write(status, among: ProblemCode.allCases, to: &$0) }
        }
    }

    /// Writes the members of one response: what those `codes` mean that have this `status`.
    static func write(_ status: Int, among codes: [ProblemCode], to writer: inout JSONWriter) {
        let codes = codes.filter { $0.status == status }
        writer.member("description", codes.map(self.line).joined(separator: "\n"))
        writer.headers(OpenAPIDocument.headersOfEveryAnswer + ["proxy-status", "retry-after"])
        writer.object("content") { writer in
            writer.object(Problem.mediaType) { writer in
                writer.reference("schemas", "Problem", as: "schema")
                writer.examples(codes.map(\.rawValue))
            }
        }
    }

    /// One code as an item of a list in Markdown.
    private static func line(of code: ProblemCode) -> String {
        "- `\(code.rawValue)`: \(code.meaning.meaning) \(code.meaning.advice)"
    }
}
