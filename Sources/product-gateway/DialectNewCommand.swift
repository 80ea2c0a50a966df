import ArgumentParser
import GatewayConfiguration
import GatewayTranslation

/// `product-gateway dialect new`.
struct DialectNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Print a draft of a dialect, made of an example request, answer and error.",
        discussion: """
            Looks for the canonical fields by their usual names, for the envelope around them, and for the places of \
            ids, codes and messages. Ids become holes; an example's versions and keys are left out. What it could \
            not place stands in `source`, for you to decide. The draft is valid as it is; read the vendor's page \
            and correct it.

            EXAMPLES
              product-gateway dialect new --name acme \\
                --method PATCH --path '/v1/items/{id}' --request request.json \\
                --answer answer.json --error error.json > acme.json

            EXIT CODES
              0  printed
              64 the command line cannot be understood, or a file cannot be read
            """)

    @Option(help: "The dialect's name: lower-case letters, digits and hyphens.")
    var name: String

    @Option(help: "The method of an update.")
    var method = "PUT"

    @Option(help: "The path of an update, with {id} in it.")
    var path = "/products/{id}"

    @Option(help: ArgumentHelp("The body of an update, from the vendor's page.", valueName: "file"))
    var request: String

    @Option(help: ArgumentHelp("The answer to it.", valueName: "file"))
    var answer: String?

    @Option(help: ArgumentHelp("An error.", valueName: "file"))
    var error: String?

    func run() throws {
        let draft = try DialectDraft(
            name: self.name, method: self.method, path: self.path,
            request: InputDocument.read(self.request, what: "the request"),
            answer: self.answer.map { try InputDocument.read($0, what: "the answer") },
            error: self.error.map { try InputDocument.read($0, what: "the error") })
        Terminal.output(draft.text)
    }
}

extension DialectDraft.ReadingError: CustomStringConvertible {
    public var description: String { self.message }
}
