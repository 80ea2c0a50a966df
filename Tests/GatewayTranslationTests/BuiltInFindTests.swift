import GatewayTranslation
import Testing

@Suite("Creates of built-in dialects that are looked up")
struct BuiltInFindTests {
    /// What a vendor is asked after a create was lost, and answers where it has the product.
    struct Case: CustomTestStringConvertible {
        let dialect: String
        let body: String
        let path: String
        let answer: String
        let id: String
        var testDescription: String { self.dialect }
    }

    static let cases = [
        // https://elasticpath.dev/docs/api/pxm/products/get-all-products: the filter eq on sku.
        Case(
            dialect: "elastic-path", body: #"{"name":"Oak","sku":"OAK 1","kind":"physical","slug":"oak"}"#,
            path: "/pcm/products?filter=eq(sku,OAK%201)",
            answer: #"""
                {"data":[{"type":"product","id":"77","attributes":{"name":"Oak","sku":"OAK 1",
                 "commodity_type":"physical","slug":"oak"}}],"meta":{"results":{"total":1}}}
                """#, id: "77"),
        // https://developer.bigcommerce.com/docs/rest-catalog/products#get-all-products: filter items by main SKU.
        Case(
            dialect: "bigcommerce",
            body: #"{"name":"Oak","sku":"OAK 1","kind":"physical","price":{"amount":"9.9"},"weight":{"value":4}}"#,
            path: "/v3/catalog/products?sku=OAK%201",
            answer: #"""
                {"data":[{"id":77,"name":"Oak","sku":"OAK 1","type":"physical","price":9.9,"weight":4}],"meta":{}}
                """#, id: "77"),
        // https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-products
        Case(
            dialect: "woocommerce", body: #"{"name":"Oak","sku":"OAK 1"}"#,
            path: "/wp-json/wc/v3/products?sku=OAK%201",
            answer: #"[{"id":77,"name":"Oak","sku":"OAK 1","status":"publish"}]"#, id: "77"),
    ]

    private func lookUp(_ each: Case, _ answer: String) throws -> Translator.Found {
        let plan = try TargetPlan(
            targetName: "x", dialect: Dialect(named: each.dialect), options: TargetOptions())
        let translator = Translator()
        let create = try translator.translate(.create, for: plan, id: nil, body: Array(each.body.utf8))
        #expect(plan.canFind)
        let request = try #require(plan.findRequest(after: create))
        #expect(request.pathText == each.path)
        return translator.found(
            in: VendorAnswer(status: 200, body: Array(answer.utf8)), after: create, for: plan)
    }

    @Test("a product that is there as it was asked for is the answer to the create", arguments: cases)
    func found(each: Case) throws {
        guard case .asAsked(let product) = try self.lookUp(each, each.answer) else {
            Issue.record("was not found")
            return
        }
        #expect(String(decoding: product.id ?? [], as: UTF8.self) == each.id)
    }

    @Test("another product, or none, is not", arguments: cases)
    func another(each: Case) throws {
        if case .asAsked = try self.lookUp(each, each.answer.replacing("Oak", with: "Elm")) {
            Issue.record("it is another product")
        }
        for empty in ["[]", #"{"data":[]}"#] {
            guard case .nothing = try self.lookUp(each, empty) else {
                Issue.record("there is nothing")
                return
            }
        }
    }
}
