import GatewayDocuments
import Testing

@Suite("Paths in documents")
struct DocumentPathTests {
    @Test(
        "paths of the document are readable JSONPaths",
        arguments: [
            (["targets", "elastic-path"], "$.targets.elastic-path"), (["a b"], "$['a b']"),
            (["it's"], "$['it\\'s']"), (["\u{1b}"], "$['\\u001b']"), (["é"], "$['é']"), ([""], "$['']"),
            (["fields", "/sku"], "$.fields['/sku']"),
        ])
    func paths(names: [String], text: String) {
        let path = names.reduce(DocumentPath.root) { $0.appending($1) }
        #expect(path.description == text)
        #expect(path.appending(index: 2).description == text + "[2]")
    }
}
