import Testing

@testable import GatewaySandbox

struct ElasticPathStandInTests {
    let probe = SandboxProbe()

    static let range = "60afe403-a191-455e-b771-c510c928a308"

    private func update(_ attributes: String, id: String = range) -> SandboxProbe.Answer {
        self.probe.elasticPath(
            "PUT", id, #"{"data":{"type":"product","id":"\#(id)","attributes":\#(attributes)}}"#)
    }

    private func details(_ answer: SandboxProbe.Answer) -> [String] {
        (answer.json?["errors"]?.array ?? []).compactMap { $0["detail"]?.string }
    }

    @Test("every documented update gives the documented product", arguments: ElasticPathAnswers.all.keys.sorted())
    func documentedUpdates(_ title: String) throws {
        let text = try #require(ElasticPathAnswers.all[title])
        let expected = try SandboxJSON(reading: Array(text.utf8))
        let id = try #require(expected["id"]?.string)
        let attributes = try #require(expected["attributes"])
        let answer = self.update(String(decoding: attributes.written(), as: UTF8.self), id: id)
        #expect(answer.status == 200)
        for name in ["id", "type", "attributes", "relationships"] {
            #expect(answer.json?["data"]?[name] == expected[name])
        }
        #expect(answer.json?["data"]?["meta"]?["created_at"] != nil)
        #expect(answer.json?["data"]?["meta"]?["updated_at"] == "2025-12-09T15:45:00.000Z")
    }

    @Test("what is not sent stays, and a read gives the same product")
    func partialUpdate() {
        let answer = self.update(#"{"name":"New name"}"#)
        #expect(answer.json?["data"]?["attributes"]?["name"] == "New name")
        #expect(answer.json?["data"]?["attributes"]?["sku"] == "BE-Range-1a1a-30")
        #expect(self.probe.elasticPath("GET", Self.range).text == answer.text)
    }

    @Test("a product is found by its sku, and nothing by another's")
    func search() {
        let found = self.probe.elasticPath("GET", "?filter=eq(sku,BE-Range-1a1a-30)")
        #expect(found.status == 200)
        #expect(found.json?["data"]?.array?.map { $0["id"]?.string } == [Self.range])
        let none = self.probe.elasticPath("GET", "?filter=eq(sku,none)")
        #expect(none.status == 200 && none.json?["data"]?.array?.isEmpty == true)
        #expect(self.probe.elasticPath("GET", "?filter=like(sku,*)").status == 400)
    }

    @Test("empty attributes change nothing, not even the time")
    func emptyAttributes() {
        let before = self.probe.elasticPath("GET", Self.range).text
        let answer = self.update("{}")
        #expect(answer.status == 200)
        #expect(answer.text == before)
    }

    @Test("the envelope is required, and the id must match the path")
    func envelope() {
        #expect(self.details(self.probe.elasticPath("PUT", Self.range, "{}")) == ["The data field is required."])
        let missing = self.probe.elasticPath("PUT", Self.range, #"{"data":{}}"#)
        #expect(missing.status == 422)
        #expect(
            self.details(missing) == [
                "The data.type field is required.", "The data.id field is required.",
                "The data.attributes field is required.",
            ])
        #expect(missing.json?["errors"]?.array?.first?["status"] == nil)
        let other = self.probe.elasticPath(
            "PUT", Self.range, #"{"data":{"type":"product","id":"other","attributes":{}}}"#)
        #expect(self.details(other) == ["data.id: Must match the product ID specified in the request path"])
    }

    @Test(
        "each rule for attributes has its message",
        arguments: [
            (#"{"name":""}"#, "name can not be empty"),
            (#"{"name":1}"#, "data.attributes.name: Invalid type. Expected: string, given: integer"),
            (#"{"name":null}"#, "data.attributes.name: Invalid type. Expected: string, given: null"),
            (#"{"sku":"TAKEN-SKU"}"#, "data.attributes.sku: Must be unique amongst products."),
            (#"{"slug":"taken-slug"}"#, "data.attributes.slug: Must be unique amongst products."),
            (#"{"external_ref":"TAKEN-REF"}"#, "data.attributes.external_ref: Must be unique amongst products."),
            (#"{"slug":"a b"}"#, "data.attributes.slug: Does not match pattern '^[A-Za-z0-9._-]+$'"),
            (#"{"status":"archived"}"#, "data.attributes.status: Must be one of the following: \"live\", \"draft\""),
            (#"{"tags":["a b"]}"#, "data.attributes.tags.0: Does not match pattern '^[^\\s,]+$'"),
            (#"{"tags":"a"}"#, "data.attributes.tags: Invalid type. Expected: array, given: string"),
            (#"{"locales":{"fr":{}}}"#, "The data.attributes.locales.fr.name field is required."),
            (#"{"extensions":{}}"#, "data.attributes: Additional property extensions is not allowed"),
            (#"{"colour":"red"}"#, "data.attributes: Additional property colour is not allowed"),
            (
                #"{"build_rules":{"default":"maybe"}}"#,
                "data.attributes.build_rules.default: Must be one of the following: \"include\", \"exclude\""
            ),
            (
                #"{"custom_inputs":{"a":{"validation_rules":[{"options":{"max_length":256}}]}}}"#,
                "data.attributes.custom_inputs.a.validation_rules.0.options.max_length: "
                    + "Must be less than or equal to 255"
            ),
        ])
    func attributeRules(_ attributes: String, _ detail: String) {
        let answer = self.update(attributes)
        #expect(answer.status == 422)
        #expect(self.details(answer) == [detail])
    }

    @Test("limits hold at their edge")
    func limits() {
        let reference = String(repeating: "r", count: 2048)
        #expect(self.update(#"{"external_ref":"\#(reference)"}"#).status == 200)
        #expect(self.update(#"{"external_ref":"\#(reference)r"}"#).status == 422)
        let tags = (0..<20).map { "\"t\($0)\"" }.joined(separator: ",")
        #expect(self.update("{\"tags\":[\(tags)]}").status == 200)
        #expect(self.update("{\"tags\":[\(tags),\"one-more\"]}").status == 422)
        let tag = String(repeating: "t", count: 255)
        #expect(self.update("{\"tags\":[\"\(tag)\"]}").status == 200)
        #expect(self.update("{\"tags\":[\"\(tag)t\"]}").status == 422)
    }

    @Test("a product may keep its own sku, and one it gave up is free again")
    func uniqueValues() {
        #expect(self.update(#"{"sku":"BE-Range-1a1a-30"}"#).status == 200)
        #expect(self.update(#"{"sku":"another"}"#).status == 200)
        #expect(
            self.update(#"{"sku":"BE-Range-1a1a-30"}"#, id: "8a0072c0-cedf-4e53-bdc4-a14a5d6389d5").status == 200)
    }

    @Test("several mistakes come in one answer")
    func severalMistakes() {
        let answer = self.update(#"{"name":"","sku":"TAKEN-SKU","status":"gone"}"#)
        #expect(answer.json?["errors"]?.array?.count == 3)
    }

    @Test("the documented failures come word for word")
    func documentedFailures() {
        #expect(
            self.update("{}", id: "0f0a0e0d-0000-4000-8000-000000000403").text
                == #"{"errors":[{"title":"Forbidden","status":"403","detail":"entity owned by organization"}]}"#)
        #expect(
            self.probe.elasticPath("GET", "unknown").text == #"{"errors":[{"title":"Not Found","status":"404"}]}"#)
        #expect(
            self.update("{}", id: "\(Self.range)~409").text
                == #"{"errors":[{"title":"Conflict","status":"409","detail":"write conflict detected"}]}"#)
        #expect(self.probe.elasticPath("PUT", Self.range, "{").status == 400)
    }

    @Test("extensions and null are taken when that is switched on")
    func disputedBehaviour() {
        let body = #"{"elastic-path":{"acceptsExtensions":true,"nullClears":true}}"#
        #expect(self.probe.control("POST", "behaviour", body).status == 200)
        let answer = self.update(#"{"extensions":{"products(book)":{"isbn":"1"}},"upc_ean":null}"#)
        #expect(answer.status == 200)
        #expect(answer.json?["data"]?["attributes"]?["extensions"]?["products(book)"]?["isbn"] == "1")
        #expect(answer.json?["data"]?["attributes"]?["upc_ean"] == nil)
        #expect(self.update(#"{"name":null}"#).status == 422)
    }

    @Test("a create makes a product with defaults, which can then be read and updated")
    func create() throws {
        let answer = self.probe.elasticPath(
            "POST", "",
            #"{"data":{"type":"product","attributes":{"name":"Größe L","commodity_type":"physical","sku":"N-1"}}}"#)
        #expect(answer.status == 201)
        let id = try #require(answer.json?["data"]?["id"]?.string)
        #expect(answer.json?["data"]?["attributes"]?["status"] == "draft")
        #expect(answer.json?["data"]?["attributes"]?["slug"] == "gr-e-l")
        #expect(answer.json?["data"]?["meta"]?["product_types"] == ["standard"])
        #expect(self.probe.elasticPath("GET", id).status == 200)
        #expect(self.update(#"{"status":"live"}"#, id: id).status == 200)
    }

    @Test("a create requires a name and a commodity type, and a unique sku")
    func createRequirements() {
        let empty = self.probe.elasticPath("POST", "", #"{"data":{"type":"product","attributes":{}}}"#)
        #expect(
            self.details(empty) == [
                "The data.attributes.name field is required.", "The data.attributes.commodity_type field is required.",
            ])
        let taken = self.probe.elasticPath(
            "POST", "",
            #"{"data":{"type":"product","attributes":{"name":"n","commodity_type":"digital","sku":"TAKEN-SKU"}}}"#)
        #expect(self.details(taken) == ["data.attributes.sku: Must be unique amongst products."])
    }

    @Test("a bundle of products that do not exist gets their ids back")
    func missingIDs() {
        let answer = self.update(#"{"components":{"a":{"name":"A","options":[{"id":"missing-1","type":"product"}]}}}"#)
        #expect(answer.status == 422)
        #expect(answer.json?["errors"]?.array?.first?["meta"]?["missing_ids"] == ["missing-1"])
    }
}
