import Testing

@testable import GatewaySandbox

struct CatalogueStandInTests {
    let probe = SandboxProbe()

    static let id = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"

    @Test("the documented request gives the documented answer")
    func documentedUpdate() throws {
        let answer = self.probe.catalogue("PUT", Self.id, CatalogueExample.request)
        #expect(answer.status == 200)
        var expected = try #require(SandboxJSON(reading: Array(CatalogueExample.answer.utf8)).object)
        expected["updatedAt"] = "2025-12-09T15:45:00Z"
        #expect(answer.json == .object(expected))
    }

    @Test("a PUT replaces: what is not sent is cleared, and a name is required")
    func replace() {
        let answer = self.probe.catalogue("PUT", Self.id, #"{"name":"Only a name"}"#)
        #expect(answer.status == 200)
        #expect(answer.json?["name"] == "Only a name")
        #expect(answer.json?["description"] == .null)
        #expect(answer.json?["measurement"] == .null)
        #expect(answer.json?["customFields"] == [:])
        #expect(answer.json?["productFamilies"] == [])
        #expect(answer.json?["isArchived"] == false)
        let refused = self.probe.catalogue("PUT", Self.id, #"{"description":"x"}"#)
        #expect(refused.status == 422)
        #expect(refused.json?["violations"]?.array?.first?["propertyPath"] == "name")
    }

    @Test("switched to partial, by the control API or by the id, what is not sent stays")
    func partial() {
        let marked = self.probe.catalogue("PUT", "\(Self.id)~partial", #"{"description":"x"}"#)
        #expect(marked.json?["name"] == "Basic")
        #expect(self.probe.control("POST", "behaviour", #"{"catalogue":{"update":"partial"}}"#).status == 200)
        let answer = self.probe.catalogue("PUT", Self.id, #"{"internalName":"y"}"#)
        #expect(answer.json?["description"] == "x")
        #expect(answer.json?["internalName"] == "y")
    }

    @Test("empty maps are {} in the answers to writes and [] in those to reads")
    func emptyMaps() {
        let bare = "5f6c0a51-0000-4000-8000-000000000001"
        let written = self.probe.catalogue("PUT", bare, #"{"name":"n","translations":[],"customFields":{}}"#)
        #expect(written.text.contains(#""translations":{}"#))
        let read = self.probe.catalogue("GET", bare)
        #expect(read.text.contains(#""translations":[]"#))
        #expect(read.text.contains(#""customFields":[]"#))
        #expect(self.probe.catalogue("GET", "\(bare)~object-maps").text.contains(#""customFields":{}"#))
    }

    @Test("wrong types and unknown references are violations, all at once")
    func violations() {
        let answer = self.probe.catalogue(
            "PUT", Self.id,
            #"{"name":1,"isArchived":"yes","taxGroup":{"id":"nobody"},"translations":{"de":"x"},"#
                + #""productFamilies":[{}]}"#)
        #expect(answer.status == 422)
        #expect(
            answer.json?["violations"]?.array?.compactMap { $0["propertyPath"]?.string }
                == ["name", "translations[de]", "isArchived", "taxGroup.id", "productFamilies[0].id"])
    }

    @Test("references are stored whole and keep their documented members")
    func references() {
        let answer = self.probe.catalogue(
            "PUT", Self.id,
            #"{"name":"n","measurement":{"id":"ad8f1c2c-0000-4000-8000-000000000002"},"#
                + #""translations":{"de":{"name":"N"}},"isArchived":false}"#)
        #expect(answer.json?["measurement"]?["code"] == "storage")
        #expect(answer.json?["translations"]?["de"]?["name"] == "N")
    }

    @Test("numbers keep their spelling")
    func numbers() {
        let answer = self.probe.catalogue(
            "PUT", Self.id, #"{"name":"n","customFields":{"a":1.10,"b":1e400,"c":12345678901234567890,"d":-0}}"#)
        #expect(answer.text.contains(#"{"a":1.10,"b":1e400,"c":12345678901234567890,"d":-0}"#))
    }

    @Test("a create gives an id, and the product can be read")
    func create() throws {
        let answer = self.probe.catalogue("POST", "", #"{"name":"New","number":"M-2","type":"product"}"#)
        #expect(answer.status == 201)
        let id = try #require(answer.json?["id"]?.string)
        #expect(self.probe.catalogue("GET", id).json?["number"] == "M-2")
        #expect(self.probe.catalogue("POST", "", "{}").status == 422)
    }

    @Test(
        "entity tags are off unless switched on; then a stale one is refused",
        arguments: [("etag", 412), ("etag-409", 409)])
    func entityTags(_ word: String, _ status: Int) throws {
        #expect(self.probe.catalogue("GET", Self.id).header("etag") == nil)
        let id = "\(Self.id)~\(word)"
        let tag = try #require(self.probe.catalogue("GET", id).header("etag"))
        func write(_ condition: String) -> SandboxProbe.Answer {
            self.probe.catalogue("PUT", id, #"{"name":"n"}"#, headers: [SandboxHeader("if-match", condition)])
        }
        let fresh = write(tag)
        #expect(fresh.status == 200)
        #expect(fresh.header("etag") != tag)
        #expect(write(tag).status == status)
        #expect(write("*").status == 200)
    }

    @Test("someone else's change between a read and a write can be provoked")
    func race() throws {
        let id = "\(Self.id)~etag-race"
        let tag = try #require(self.probe.catalogue("GET", id).header("etag"))
        let stale = self.probe.catalogue(
            "PUT", id, #"{"name":"n"}"#, headers: [SandboxHeader("if-match", tag)])
        #expect(stale.status == 412)
    }

    @Test("each candidate shape of a failure can be provoked")
    func failures() {
        #expect(self.probe.catalogue("GET", "unknown").text.isEmpty)
        #expect(self.probe.catalogue("GET", "x~404-message").json?["message"] == "Product not found")
        #expect(self.probe.catalogue("PUT", "x~422-violations", "{}").json?["violations"]?.array?.count == 2)
        #expect(self.probe.catalogue("PUT", Self.id, "{").json?["message"] == "Syntax error")
    }

    @Test("text can be written as PHP writes it, which means the same")
    func escapedText() {
        let answer = self.probe.catalogue("GET", "\(Self.id)~escaped~object-maps")
        #expect(answer.text.contains(#""name":"St\u00fcck""#))
        #expect(answer.json?["measurement"]?["unit"]?["name"] == "Stück")
    }
}
