import GatewayJSON

/// The OpenAPI 3.1 description of the canonical API, for clients that are generated and tools that look.
///
/// Whatever a table decides is written from that table: the product's members, the codes, what they mean. The rest is
/// JSON text in the extensions: operations, schemas, headers, examples.
package enum OpenAPIDocument {
    package static let mediaType = "application/vnd.oai.openapi+json;version=3.1"

    /// What one gateway's document says that another's does not.
    package struct Particulars: Sendable {
        /// The gateway's version.
        package var version: String
        /// The names that `target` may have.
        package var targets: [String]
        /// Nil where a request must name its target.
        package var defaultTarget: String?
        /// How many of them one request may name.
        package var targetsMax: Int
        /// How long a request's body may be.
        package var requestBytesMax: Int
        /// Whether a success may be a vendor's own document.
        package var answersInVendorWords: Bool
        /// Nil where nobody has to prove who it is.
        package var proofs: AcceptedProofs?

        package init(
            version: String, targets: [String], defaultTarget: String?, targetsMax: Int, requestBytesMax: Int,
            answersInVendorWords: Bool, proofs: AcceptedProofs? = nil
        ) {
            self.version = version
            self.targets = targets
            self.defaultTarget = defaultTarget
            self.targetsMax = targetsMax
            self.requestBytesMax = requestBytesMax
            self.answersInVendorWords = answersInVendorWords
            self.proofs = proofs
        }
    }

    /// The whole document, laid out for people too.
    package static func json(_ particulars: Particulars) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 131_072)
        writer.object { writer in
            writer.member("openapi", "3.1.0")
            writer.object("info") { writer in
                writer.member("title", "product-gateway")
                writer.member("version", particulars.version)
                writer.member("summary", "One canonical product update for many vendors, and one canonical answer.")
                writer.member("description", self.introduction)
            }
            writer.name("servers")
            writer.raw(#"[{ "url": "/", "description": "The gateway that this document comes from." }]"#)
            particulars.proofs?.writeRequirements(to: &writer)
            writer.name("tags")
            writer.raw(self.tags)
            writer.object("paths") { self.writePaths(particulars, to: &$0) }
            writer.object("components") { writer in
                particulars.proofs?.writeSchemes(to: &writer)
                writer.object("parameters") { self.writeParameters(particulars, to: &$0) }
                writer.object("headers") { $0.members(of: self.headers) }
                writer.object("schemas") { self.writeSchemas(to: &$0) }
                writer.object("responses") { ProblemResponses.writeComponents(to: &$0) }
                writer.object("examples") { self.writeExamples(to: &$0) }
            }
        }
        return JSONPrettyPrinter.print(writer.bytes)
    }

    private static func writePaths(_ particulars: Particulars, to writer: inout JSONWriter) {
        var paths: [String] = []
        let operations = self.operations(particulars)
        for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
        for path in paths {
            writer.object(path) { writer in
                for operation in operations where operation.path == path {
                    operation.write(to: &writer, wantsProof: particulars.proofs != nil)
                }
            }
        }
    }

    private static func writeExamples(to writer: inout JSONWriter) {
        writer.members(of: self.examples)
        writer.members(of: self.bulkExamples)
        writer.object("problem_page") { writer in
            writer.member("summary", "What conflict means")
            writer.member("value", raw: ProblemPage.json(.conflict))
        }
        for code in ProblemCode.allCases {
            writer.object(code.rawValue) { writer in
                writer.member("summary", code.title)
                writer.name("value")
                code.example.write(to: &writer, requestID: "f2ebdd0cc481fbbd1292d8feeee671bc")
            }
        }
    }

    private static let introduction = """
        A product lives in several vendors' systems. One canonical update is checked, written in the vendor's \
        language, sent, and answered with one canonical product or one canonical problem.

        **Problems** are RFC 9457 documents. `code` says what is wrong, for programs; `outcome` what became of the \
        product: `not_sent` (the vendor was not asked), `rejected` (it refused and changed nothing), `partial` (some \
        of it was made), `unknown` (it was asked, and the change may have been made).

        **Sending a request again** is right where `retryable` is true: wait as long as `Retry-After` says, else a \
        little longer each time. Where it is false the same request would fail again or, after a create whose outcome \
        is `unknown`, could make a second product.

        **Every answer** carries `x-request-id`, the name under which the gateway's log and the vendor know the \
        request. A request may bring its own: 1 to 128 visible ASCII characters without quotes and backslashes. W3C \
        Trace Context (`traceparent`, `tracestate`) is understood.

        Answers may get further members, and problems further codes, within this version: ignore those that you do not \
        know. Another path is answered with `not_found`, another method with `method_not_allowed` and `Allow`; every \
        path has OPTIONS, and every path that has GET has HEAD.
        """

    private static let tags = """
        [
          { "name": "products", "description": "Changing products at vendors." },
          { "name": "targets", "description": "Which vendors there are, and what each takes." },
          { "name": "documents", "description": "What describes the API itself." }
        ]
        """
}

extension JSONWriter {
    /// Writes each pair as a member; the values already are JSON.
    mutating func members(of pairs: KeyValuePairs<String, String>) {
        for (name, text) in pairs {
            self.name(name)
            self.raw(text)
        }
    }
}
