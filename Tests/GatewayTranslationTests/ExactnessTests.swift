import GatewayDocuments
import GatewayJSON
import GatewayTranslation
import Testing

/// Generated documents: what is only carried over leaves byte for byte as it came.
@Suite("Exactness")
struct ExactnessTests {
    private static let elasticPath = Result {
        try TargetPlan(
            targetName: "elastic-path", dialect: Dialect(named: "elastic-path"),
            options: TargetOptions(enabledFields: ["/customFields"]))
    }
    private static let builtIn = Result {
        try Dialect.builtInNames.map { try TargetPlan(targetName: $0, dialect: Dialect(named: $0)) }
    }

    @Test("every carried value of a generated update leaves byte for byte", arguments: 0..<200)
    func requests(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        let plan = try Self.elasticPath.get()
        let fields = [
            ("name", "name"), ("description", "description"), ("sku", "sku"), ("gtin", "upc_ean"), ("mpn", "mpn"),
        ]
        var members: [(String, String, String)] = fields.map { ($0.0, $0.1, generator.string()) }
        members.append(("customFields", "extensions", generator.object(depth: 5, withoutNull: true)))
        members.append(("components", "components", generator.object(depth: 3, withoutNull: true)))
        members.shuffle(using: &generator)
        let space = generator.space()
        let body =
            "{" + members.map { "\(space)\"\($0.0)\"\(space):\(space)\($0.2)\(space)" }.joined(separator: ",") + "}"
        let request = try Translator().translate(.update, for: plan, id: Array("P1".utf8), body: Array(body.utf8))
        let expected =
            #"{"data":{"type":"product","id":"P1","attributes":{"#
            + members.map { "\"\($0.1)\":\($0.2)" }.joined(separator: ",") + "}}}"
        #expect(String(decoding: request.body, as: UTF8.self) == expected)

        // And back: the vendor's answer with the same values.
        let answer = Translator().fold(
            VendorAnswer(status: 200, body: request.body), to: request, operation: .update, for: plan)
        guard case .product(let product) = answer else {
            Issue.record("\(answer)")
            return
        }
        let canonical = "{" + members.map { "\"\($0.0)\":\($0.2)" }.joined(separator: ",") + "}"
        #expect(String(decoding: product.product, as: UTF8.self) == canonical)
    }

    @Test("a generated document that is cut or changed anywhere never traps", arguments: 0..<40)
    func damagedDocuments(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        let plans = try Self.builtIn.get()
        let translator = Translator()
        let names = [
            "name", "tags", "translations", "billing", "vendorFields", "ids", "errors", "data", "status", "id", "x",
        ]
        for _ in 0..<10 {
            let members = names.map { "\"\($0)\":\(generator.value(depth: 3))" }
            var bytes = Array(("{" + members.joined(separator: ",") + "}").utf8)
            if Bool.random(using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            for plan in plans {
                for handling in [Handling.strict, .lenient] {
                    _ = try? translator.translate(
                        .update, for: plan, id: Array("a".utf8), body: bytes, handling: handling)
                    _ = try? translator.translate(.create, for: plan, id: nil, body: bytes, handling: handling)
                }
                for status in [200, 400, 404, 422, 500] {
                    let answer = VendorAnswer(status: status, body: bytes)
                    if case .problem(let problem) = translator.fold(answer, to: nil, operation: .update, for: plan) {
                        // Whatever happened, the problem itself is JSON.
                        #expect((try? JSONDocument(parsing: problem.json(requestID: "r"))) != nil)
                    }
                }
            }
        }
    }

    @Test("cost grows with size, not with its square, for wide and for deep documents")
    func linear() throws {
        let plan = try TargetPlan(
            targetName: "elastic-path", dialect: Dialect(named: "elastic-path"),
            options: TargetOptions(enabledFields: ["/customFields"]))
        // 60,000 members in one object: quadratic work would take minutes, not a moment.
        let members = (0..<60_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        let body = Array(
            "{\"customFields\":{\(members)},\"vendorFields\":{\"elastic-path\":{\"extensions\":{\(members)}}}}".utf8)
        let translator = Translator(limits: JSONLimits(bytesMax: 8 << 20, depthMax: 64))
        let request = try translator.translate(.update, for: plan, id: Array("P1".utf8), body: body)
        #expect(request.body.count > members.utf8.count)
    }

    @Test(
        "a hundred thousand mistakes cost no more than a hundred, and a hundred are listed",
        arguments: Handling.allCases)
    func manyMistakes(handling: Handling) throws {
        let plan = try TargetPlan(targetName: "catalogue", dialect: Dialect(named: "catalogue"))
        let translator = Translator(limits: JSONLimits(bytesMax: 8 << 20, depthMax: 64))
        let unknown = "{" + (0..<100_000).map { "\"nam\($0)\":1" }.joined(separator: ",") + "}"
        do throws(Problem) {
            _ = try translator.translate(.update, for: plan, id: [0x61], body: Array(unknown.utf8), handling: handling)
            Issue.record("expected a problem")
        } catch {
            #expect(error.errors.count == 100)
        }
        // An update clears as many members of a map; a create has nothing to clear.
        let nulls = (0..<100_000).map { "\"k\($0)\":null" }.joined(separator: ",")
        let body = Array("{\"customFields\":{\(nulls),\"kept\":\"1\"}}".utf8)
        let update = try translator.translate(.update, for: plan, id: [0x61], body: body, handling: handling)
        #expect(update.body == body, "\(update.body.count) bytes")
        let create = try translator.translate(.create, for: plan, id: nil, body: body, handling: handling)
        #expect(create.body == Array(#"{"customFields":{"kept":"1"}}"#.utf8), "\(create.body.count) bytes")
    }

    @Test("an error answer with very many items is read in a moment")
    func manyItems() throws {
        let plan = try TargetPlan(targetName: "softwareone", dialect: Dialect(named: "softwareone"))
        let properties = (0..<2000).map { "\"p\($0)\"" }.joined(separator: ",")
        let items = (0..<60).map { _ in "{\"message\":\"x\",\"properties\":[\(properties)]}" }.joined(separator: ",")
        let answer = VendorAnswer(status: 400, body: Array("{\"errors\":[\(items)]}".utf8))
        guard case .problem(let problem) = Translator().fold(answer, to: nil, operation: .update, for: plan) else {
            Issue.record("expected a problem")
            return
        }
        #expect(problem.code == .validationFailed)
        #expect(problem.errors.count <= 120)
    }
}
