import GatewayJSON

/// One operation of the canonical API, as the OpenAPI document describes it.
struct OpenAPIOperation {
    /// An answer that is no problem.
    struct Success {
        let status: Int
        let description: String
        /// Nil for an answer without a body.
        var mediaType: String?
        /// Names in `components/schemas`: the body is one of them. Without any it is whatever the media type says.
        var schemas: [String] = []
        /// Names in `components/headers`, beside those that every answer has.
        var headers: [String] = []
        /// Names in `components/examples`.
        var examples: [String] = []
    }

    let path: String
    let method: String
    /// What generated clients call it.
    let id: String
    let tag: String
    let summary: String
    let description: String
    /// Names in `components/parameters`.
    var parameters: [String] = []
    /// What the body may be declared as; none where there is no body.
    var bodyTypes: [String] = []
    var bodyDescription = ""
    /// In `components/schemas`.
    var bodySchema = "ProductUpdate"
    /// Names in `components/examples`.
    var bodyExamples: [String] = []
    let successes: [Success]
    /// What it can be refused with; nil for every code there is, which `components/responses` describes.
    let problems: [ProblemCode]?
    /// Whether nobody has to prove who it is.
    var isForEverybody = false

    /// - Parameter wantsProof: whether callers have to prove who they are.
    func write(to writer: inout JSONWriter, wantsProof: Bool) {
        writer.object(self.method) { writer in
            writer.member("operationId", self.id)
            writer.member("tags", [self.tag])
            writer.member("summary", self.summary)
            writer.member("description", self.description)
            if wantsProof, self.isForEverybody { writer.array("security") { _ in } }
            if !self.parameters.isEmpty {
                writer.array("parameters") { writer in
                    for name in self.parameters { writer.reference("parameters", name) }
                }
            }
            if !self.bodyTypes.isEmpty { self.writeBody(to: &writer) }
            writer.object("responses") { writer in
                for success in self.successes { success.write(to: &writer) }
                self.writeProblems(to: &writer, and: wantsProof && !self.isForEverybody ? AcceptedProofs.problems : [])
            }
        }
    }

    private func writeProblems(to writer: inout JSONWriter, and further: [ProblemCode]) {
        guard let known = self.problems else {
            for status in ProblemResponses.statuses(of: ProblemCode.allCases) {
                writer.reference("responses", ProblemResponses.name(of: status), as: String(status))
            }
            return
        }
        let codes = ProblemCode.allCases.filter { known.contains($0) || further.contains($0) }
        for status in ProblemResponses.statuses(of: codes) {
            writer.object(String(status)) { ProblemResponses.write(status, among: codes, to: &$0) }
        }
    }

    private func writeBody(to writer: inout JSONWriter) {
        writer.object("requestBody") { writer in
            writer.member("required", true)
            writer.member("description", self.bodyDescription)
            writer.object("content") { writer in
                for type in self.bodyTypes {
                    writer.object(type) { writer in
                        writer.reference("schemas", self.bodySchema, as: "schema")
                        writer.examples(self.bodyExamples)
                    }
                }
            }
        }
    }
}

extension OpenAPIOperation.Success {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object(String(self.status)) { writer in
            writer.member("description", self.description)
            writer.headers(OpenAPIDocument.headersOfEveryAnswer + self.headers)
            guard let mediaType = self.mediaType else { return }
            writer.object("content") { writer in
                writer.object(mediaType) { writer in
                    writer.schema(anyOf: self.schemas)
                    writer.examples(self.examples)
                }
            }
        }
    }
}

extension JSONWriter {
    /// `{"$ref": "#/components/…"}`, as a member's value where a name is given.
    mutating func reference(_ kind: String, _ component: String, as name: String? = nil) {
        self.object(name) { $0.member("$ref", "#/components/\(kind)/\(component)") }
    }

    /// `schema`: one of these components; any object where there are none.
    mutating func schema(anyOf names: [String]) {
        switch names.count {
        case 0:
            self.object("schema") { $0.member("type", "object") }
        case 1:
            self.reference("schemas", names[0], as: "schema")
        default:
            self.object("schema") { writer in
                writer.array("anyOf") { writer in
                    for name in names { writer.reference("schemas", name) }
                }
            }
        }
    }

    /// `headers`, each a reference.
    mutating func headers(_ names: [String]) {
        self.object("headers") { writer in
            for name in names { writer.reference("headers", name, as: name) }
        }
    }

    /// `examples`, each a reference; nothing where there are none.
    mutating func examples(_ names: [String]) {
        guard !names.isEmpty else { return }
        self.object("examples") { writer in
            for name in names { writer.reference("examples", name, as: name) }
        }
    }
}
