import Foundation
import Testing

@testable import GatewaySandbox

@Suite("Vendors played from their examples")
struct RecordedVendorsTests {
    private let sandbox = VendorSandbox()

    private func send(
        _ method: String, _ path: String, _ body: String = "", headers: [SandboxHeader] = []
    ) -> (status: Int, body: String) {
        let response = self.sandbox.answer(
            SandboxRequest(method: method, path: "/stand-in" + path, headers: headers, body: Array(body.utf8)))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    @Test("there are nine, and each has its product")
    func count() {
        #expect(RecordedVendors.names.count == 9)
        #expect(self.send("GET", "/stripe/v1/products/prod_1").body.contains("\"prod_1\""))
        #expect(self.send("GET", "/bigcommerce/v3/catalog/products/174").status == 200)
        #expect(self.send("GET", "/akeneo/api/rest/v1/products/top").status == 200)
        #expect(self.send("GET", "/nobody/at/all").status == 404)
    }

    @Test("a form changes the product, and what is empty clears")
    func form() {
        let changed = self.send("POST", "/stripe/v1/products/prod_1", "name=A+B&metadata[order_id]=&active=false")
        #expect(changed.status == 200)
        let read = self.send("GET", "/stripe/v1/products/prod_1").body
        #expect(read.contains("\"name\":\"A B\"") && read.contains("\"active\":false"))
        #expect(read.contains("\"order_id\":null"))
    }

    @Test("versions count, and a stale one is refused in the vendor's words")
    func versions() {
        let actions = #"[{"action": "changeName", "name": {"en": "New"}}, {"action": "unpublish"}]"#
        let action = "{\"version\": 7, \"actions\": \(actions)}"
        let first = self.send("POST", "/commercetools/products/p", action)
        #expect(first.status == 200 && first.body.contains("\"version\":8") && first.body.contains("\"New\""))
        let second = self.send("POST", "/commercetools/products/p", action)
        #expect(second.status == 409 && second.body.contains("ConcurrentModification"))
        let header = [SandboxHeader("x-contentful-version", "5")]
        #expect(self.send("PUT", "/contentful/entries/e", #"{"fields": {}}"#, headers: header).status == 200)
        #expect(self.send("PUT", "/contentful/entries/e", #"{"fields": {}}"#, headers: header).status == 409)
    }

    @Test("a GraphQL document tells what is wanted")
    func graphQL() {
        let product = #"{"id": "gid://shopify/Product/9", "title": "T"}"#
        let body = "{\"query\": \"mutation { productUpdate }\", \"variables\": {\"product\": \(product)}}"
        let answer = self.send("POST", "/shopify/admin/api/2025-10/graphql.json", body)
        #expect(answer.body.contains("gid://shopify/Product/9") && answer.body.contains("\"title\":\"T\""))
    }

    @Test("elements of lists are told apart by their keys")
    func lists() {
        let body = #"{"product": {"custom_attributes": [{"attribute_code": "url_key", "value": "x"}]}}"#
        let answer = self.send("PUT", "/adobe-commerce/rest/all/V1/products/B-1", body).body
        #expect(answer.contains(#"{"attribute_code":"url_key","value":"x"}"#) && answer.contains("/m/b/mb01.jpg"))
    }

    @Test("an id provokes a documented error, and one that is missing is missing")
    func errors() {
        #expect(self.send("POST", "/stripe/v1/products/prod_1~rate-limit", "name=x").status == 429)
        #expect(self.send("PUT", "/bigcommerce/v3/catalog/products/174~partial-url", "{}").status == 207)
        #expect(self.send("GET", "/salesforce/services/data/v62.0/sobjects/Product2/missing-1").status == 404)
    }

    @Test("the errors are those of the golden cases", arguments: RecordedVendors.names)
    func golden(name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "dialects/\(name)")
        let data = try SandboxJSON(reading: Array(Data(contentsOf: folder.appending(path: "sandbox.json"))))
        let vendor = try #require(RecordedVendor(name: name, data))
        let cases = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "cases").path)
            .map { try String(contentsOf: folder.appending(path: "cases/\($0)"), encoding: .utf8) }
        for (word, error) in vendor.errors where !error.body.isEmpty && word != "404" {
            #expect(cases.contains { $0.contains(error.body) }, "\(word) is of no case")
        }
        #expect(vendor.errors[vendor.missing] != nil)
    }
}
