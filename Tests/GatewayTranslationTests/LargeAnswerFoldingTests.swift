import GatewayJSON
import Testing

@testable import GatewayTranslation

/// What a vendor says in megabytes: an event loop folds it, and everybody else waits.
@Suite("Answers of megabytes")
struct LargeAnswerFoldingTests {
    private static let limits = JSONLimits(bytesMax: 8 << 20, depthMax: 64)
    private static let long = String(repeating: "n", count: 1_000_000)

    private struct Unexpected: Error {}

    /// How many bytes the reader of errors makes of a body, beside the body.
    private func wordsAdded(_ body: String) throws -> Int {
        let bytes = Array(body.utf8)
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: "catalogue"))
        let items = UnsafeMutablePointer<VendorItem>.allocate(capacity: ErrorReader.itemsMax)
        defer { items.deallocate() }
        items.initialize(repeating: VendorItem(), count: ErrorReader.itemsMax)
        let tape = JSONTape()
        return try bytes.withUnsafeBufferPointer { buffer in
            let view = try tape.parse(buffer, limits: Self.limits)
            var reader = ErrorReader(view: view, of: bytes, plan: plan.errors, items: items)
            reader.read()
            return reader.words.count - bytes.count
        }
    }

    private func problem(_ body: String, dialect: String = "catalogue") throws -> Problem {
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: dialect))
        let answer = VendorAnswer(status: 400, body: Array(body.utf8))
        let translator = Translator(limits: Self.limits)
        guard case .problem(let problem) = translator.fold(answer, to: nil, operation: .update, for: plan) else {
            throw Unexpected()
        }
        return problem
    }

    private static func members(_ count: Int, _ value: String) -> String {
        "{" + (0..<count).map { #""f\#($0)":\#(value)"# }.joined(separator: ",") + "}"
    }

    @Test(
        "errors under a long name, and many values that are none, become no more than there was",
        arguments: [
            #"{"errors":{"\#(long)":\#(members(200, #""no""#))}}"#,
            #"{"errors":{"\#(long)":[\#(String(repeating: #"{"q":"no"},"#, count: 200)){}]}}"#,
            #"{"errors":{"\#(long)":{"a":{"b":\#(members(100, #""no""#))}}}}"#,
            #"{"errors":{"\#(long.prefix(300))":\#(members(50_000, "{}"))}}"#,
            #"{"errors":{"\#(long.prefix(300))":[\#(String(repeating: "{},", count: 200_000)){}]}}"#,
            #"{"errors":[{"message":"\#(String(repeating: #"\u00e9\n"#, count: 100_000))"}]}"#,
        ])
    func bounded(body: String) throws {
        #expect(try self.wordsAdded(body) < 8_000_000)
    }

    @Test("a name of more than half a kilobyte names no field")
    func longName() throws {
        let known = try self.problem(#"{"violations":[{"propertyPath":"name","message":"no"}]}"#)
        #expect(known.errors.map(\.pointer) == ["/name"])
        let unknown = try self.problem(#"{"violations":[{"propertyPath":"\#(Self.long)","message":"no"}]}"#)
        #expect(unknown.errors.map(\.pointer) == [nil])
        #expect(unknown.errors.first?.detail.contains("nnn") == false)
    }

    @Test("a long text with escapes is told to its thousandth character")
    func longEscaped() throws {
        let text = String(repeating: #"\ud83d\ude00"#, count: 2_000)
        let problem = try self.problem(#"{"detail":"\#(text)"}"#)
        #expect(problem.detail == "Fynn: " + String(repeating: "😀", count: 1_000))
    }

    @Test(
        "a parameter that is no word is not filled in, however often it has a place",
        arguments: [#"["\#(long)"]"#, #"{"1":"\#(long)"}"#, #"["\#(long.prefix(8_000))"]"#])
    func parameters(parameters: String) throws {
        let places = String(repeating: "%1 ", count: 300)
        let start = ContinuousClock.now
        let problem = try self.problem(
            #"{"message":"\#(places)","parameters":\#(parameters)}"#, dialect: "adobe-commerce")
        #expect(problem.detail.hasSuffix(places))
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test(
        "places are filled once: what is filled in has none",
        arguments: ["%1 and %2", "{0} and {1}", "{{0}} and {{1}}"])
    func places(sentence: String) {
        var parameters = TextParameters()
        parameters.add(position: 0, Array("%2".utf8))
        parameters.add(position: 1, Array("{0}".utf8))
        let filled = Array(sentence.utf8).withUnsafeBufferPointer { parameters.filled($0) }
        #expect(filled.map { String(decoding: $0, as: UTF8.self) } == "%2 and {0}")
    }

    @Test(
        "a product in thousands of languages takes no longer than its length",
        arguments: ["contentful", "commercetools"])
    func languages(dialect: String) throws {
        let texts = "{" + (0..<8_000).map { #""l\#($0)":"t""# }.joined(separator: ",") + "}"
        let body =
            dialect == "contentful"
            ? #"{"sys":{"id":"p","version":1},"fields":{"name":\#(texts)}}"#
            : #"{"id":"p","version":1,"masterData":{"staged":{"name":\#(texts)}}}"#
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: dialect))
        let request = VendorRequest(method: "PUT", path: [], headers: [], body: [], id: Array("p".utf8))
        let start = ContinuousClock.now
        let folded = Translator(limits: Self.limits).fold(
            VendorAnswer(status: 200, body: Array(body.utf8)), to: request, operation: .update, for: plan)
        #expect(ContinuousClock.now - start < .seconds(5))
        guard case .product(let answer) = folded else {
            Issue.record("\(folded)")
            return
        }
        let product = try JSONDocument(parsing: answer.product, limits: Self.limits)
        #expect(product.root["translations"]?.members.count == 8_000)
    }
}
