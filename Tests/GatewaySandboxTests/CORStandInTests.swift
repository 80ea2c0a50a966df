import Testing

@testable import GatewaySandbox

struct CORStandInTests {
    let probe = SandboxProbe()

    static let create = """
        {"metadata":{"source":"MICROSOFT_DYNAMICS"},"id":"EXT-PROD-12345","name":"Premium Product",
         "client_id":"EXT-CLIENT-67890","brand_id":"EXT-BRAND-11111","description":"Premium product description"}
        """
    static let update = """
        {"metadata":{"source":"MICROSOFT_DYNAMICS"},"name":"Updated Premium Product",
         "description":"Updated product description"}
        """

    @Test("the documented update gives the documented answer")
    func documentedUpdate() {
        let answer = self.probe.cor("PUT", "EXT-PROD-12345", Self.update)
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"id":52188,"name":"Updated Premium Product","description":"Updated product description","#
                + #""client_id":58294,"brand_id":52187,"company_id":2336,"user_id":48429,"#
                + #""created_at":"2025-12-09T15:22:28Z","updated_at":"2025-12-09T15:45:00Z"}"#)
    }

    @Test("the documented create gives the documented answer, without its description")
    func documentedCreate() {
        let probe = SandboxProbe { $0.clock = { 1_765_293_748 } }  // 2025-12-09T15:22:28Z
        let answer = probe.cor("POST", "", Self.create)
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"id":52188,"name":"Premium Product","client_id":58294,"brand_id":52187,"company_id":2336,"#
                + #""user_id":48429,"created_at":"2025-12-09T15:22:28Z","updated_at":"2025-12-09T15:22:28Z"}"#)
    }

    @Test("the documented external id can be created once, before or after an update")
    func createOnce() {
        #expect(self.probe.cor("PUT", "EXT-PROD-12345", Self.update).status == 200)
        #expect(self.probe.cor("POST", "", Self.create).status == 200)
        let second = self.probe.cor("POST", "", Self.create)
        #expect(second.status == 409)
        #expect(second.json?["name"] == "DuplicateExternalIdError")
    }

    @Test("a created product can be updated, keeps what is not sent, and has a number of its own")
    func createThenUpdate() {
        let body = """
            {"metadata":{"source":"SAP"},"id":"A/B ü","name":"n","client_id":"EXT-CLIENT-67890",
             "brand_id":"EXT-BRAND-11111","description":"d"}
            """
        #expect(self.probe.cor("POST", "", body).json?["id"] == 52189)
        let answer = self.probe.cor("PUT", "A%2FB%20%C3%BC", #"{"metadata":{"source":"SAP"},"name":"m"}"#)
        #expect(answer.status == 200)
        #expect(answer.json?["name"] == "m")
        #expect(answer.json?["description"] == "d")
    }

    @Test("an external id means something only for its source")
    func duplicatesPerSource() {
        let body = Self.create.replacing("EXT-PROD-12345", with: "EXT-PROD-TAKEN")
        #expect(self.probe.cor("POST", "", body).json?["name"] == "DuplicateExternalIdError")
        #expect(self.probe.cor("POST", "", body.replacing("MICROSOFT_DYNAMICS", with: "JIRA")).status == 200)
    }

    @Test(
        "each documented failure has its name",
        arguments: [
            ("PUT", "UNKNOWN", #"{"metadata":{"source":"JIRA"},"name":"n"}"#, 400, "CORCustomError"),
            ("PUT", "EXT-PROD-12345", #"{"metadata":{"source":"SAP"},"name":"n"}"#, 404, "ProductNotFoundError"),
            ("PUT", "EXT-PROD-12345", #"{"name":"n"}"#, 417, "ValidationError"),
            ("PUT", "EXT-PROD-12345", #"{"metadata":{},"name":"n"}"#, 417, "ValidationError"),
            ("PUT", "EXT-PROD-12345", #"{"metadata":{"source":"NOBODY"}}"#, 400, "InvalidSourceError"),
            (
                "PUT", "EXT-PROD-12345", #"{"metadata":{"source":"MICROSOFT_DYNAMICS"},"name":1}"#, 417,
                "ValidationError"
            ),
            ("PUT", "EXT-PROD-12345", "{", 417, "ValidationError"),
            ("DELETE", "UNKNOWN", #"{"metadata":{"source":"JIRA"}}"#, 404, "ProductNotFoundError"),
            ("DELETE", "EXT-PROD-TAKEN", #"{"metadata":{"source":"MICROSOFT_DYNAMICS"}}"#, 409, "DeletionError"),
        ])
    func failures(_ method: String, _ id: String, _ body: String, _ status: Int, _ name: String) {
        let answer = self.probe.cor(method, id, body)
        #expect(answer.status == status)
        #expect(answer.json?["name"]?.string == name)
        #expect(answer.json?["status"]?.integer == status)
    }

    @Test("an id nobody knows is ZC001")
    func unknownID() {
        let answer = self.probe.cor("PUT", "UNKNOWN", #"{"metadata":{"source":"JIRA"},"name":"n"}"#)
        #expect(
            answer.text
                == #"{"status":400,"name":"CORCustomError","code":"ZC001","message":"Entity is not associated"}"#)
    }

    @Test("a create names the first missing member", arguments: ["id", "name", "client_id", "brand_id"])
    func missingMembers(_ name: String) throws {
        var body = try #require(SandboxJSON(reading: Array(Self.create.utf8)).object)
        body[name] = nil
        let answer = self.probe.cor("POST", "", String(decoding: SandboxJSON.object(body).written(), as: UTF8.self))
        #expect(answer.status == 417)
        #expect(answer.json?["message"]?.string == "\(name) is required")
    }

    @Test("unknown clients and brands have errors of their own")
    func unknownReferences() {
        let client = self.probe.cor("POST", "", Self.create.replacing("EXT-CLIENT-67890", with: "NOBODY"))
        #expect(client.json?["name"] == "ClientNotFoundError")
        let brand = self.probe.cor("POST", "", Self.create.replacing("EXT-BRAND-11111", with: "NOTHING"))
        #expect(brand.json?["name"] == "BrandNotFoundError")
    }

    @Test("a delete answers with its sentence, and the product is gone")
    func delete() {
        let body = #"{"metadata":{"source":"MICROSOFT_DYNAMICS"}}"#
        #expect(self.probe.cor("DELETE", "EXT-PROD-12345", body).text == #"{"message":"Entity deleted successfully"}"#)
        #expect(self.probe.cor("PUT", "EXT-PROD-12345", Self.update).json?["code"] == "ZC001")
    }

    @Test("null clears a description only when that is switched on")
    func nullDescription() {
        let body = #"{"metadata":{"source":"MICROSOFT_DYNAMICS"},"description":null}"#
        #expect(self.probe.cor("PUT", "EXT-PROD-12345", body).status == 417)
        #expect(self.probe.control("POST", "behaviour", #"{"cor":{"nullClears":true}}"#).status == 200)
        let answer = self.probe.cor("PUT", "EXT-PROD-12345", body)
        #expect(answer.status == 200)
        #expect(answer.json?["description"] == nil)
    }

    @Test("a member the page does not know is ignored, and the record says so")
    func ignoredMember() {
        let body = #"{"metadata":{"source":"MICROSOFT_DYNAMICS"},"client_id":"EXT-CLIENT-2"}"#
        #expect(self.probe.cor("PUT", "EXT-PROD-12345", body).json?["client_id"] == 58294)
        let exchanges = self.probe.control("GET", "exchanges?vendor=cor&last=1").json?["exchanges"]?.array
        #expect(exchanges?.first?["notes"] == ["ignored member client_id"])
    }
}
