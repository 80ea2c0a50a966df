import Testing

@testable import GatewaySandbox

struct SoftwareOneStandInTests {
    let probe = SandboxProbe()

    @Test("the documented request is answered with the product, and its revision grows")
    func documentedUpdate() {
        let answer = self.probe.softwareOne("PUT", "PRD-1234-1234", #"{"externalIds":{}}"#)
        #expect(answer.status == 200)
        #expect(answer.json?["revision"] == 8)
        #expect(answer.json?["externalIds"]?["operations"] == "OPS-1234")
        for name in ["id", "$meta", "href", "name", "website", "icon", "status", "vendor", "settings", "statistics"] {
            #expect(answer.json?[name] != nil)
        }
    }

    @Test("only the fields that are sent change")
    func partialUpdate() {
        let answer = self.probe.softwareOne(
            "PUT", "PRD-1234-1234",
            #"{"name":"N","shortDescription":"S","longDescription":"<b>L</b>","externalIds":{"operations":"O"}}"#)
        #expect(answer.json?["name"] == "N")
        #expect(answer.json?["shortDescription"] == "S")
        #expect(answer.json?["longDescription"] == "<b>L</b>")
        #expect(answer.json?["externalIds"] == ["operations": "O"])
        #expect(answer.json?["website"] == "https://example.com/m365")
        #expect(self.probe.softwareOne("GET", "PRD-1234-1234").text == answer.text)
    }

    @Test("answers leave out what is null or empty, and audit unless it is selected")
    func suppressedMembers() {
        let plain = self.probe.softwareOne("GET", "PRD-0000-0001")
        #expect(plain.json?["shortDescription"] == nil)
        #expect(plain.json?["externalIds"] == nil)
        #expect(plain.json?["audit"] == nil)
        #expect(plain.json?["$meta"]?["omitted"] == ["audit"])
        #expect(self.probe.softwareOne("GET", "PRD-0000-0001?select=+audit").json?["audit"] != nil)
    }

    @Test("null counts as not supplied unless it is switched to clear")
    func nulls() {
        let ignored = self.probe.softwareOne("PUT", "PRD-1234-1234", #"{"shortDescription":null}"#)
        #expect(ignored.json?["shortDescription"] == "Office apps and mail")
        #expect(self.probe.control("POST", "behaviour", #"{"softwareone":{"nullClears":true}}"#).status == 200)
        let cleared = self.probe.softwareOne("PUT", "PRD-1234-1234", #"{"shortDescription":null}"#)
        #expect(cleared.json?["shortDescription"] == nil)
        #expect(self.probe.softwareOne("PUT", "PRD-1234-1234", #"{"name":null}"#).status == 400)
    }

    @Test("unknown members and wrong types come as an object of lists")
    func mistakes() {
        let answer = self.probe.softwareOne(
            "PUT", "PRD-1234-1234", #"{"name":1,"colour":"red","externalIds":{"erp":"x"}}"#)
        #expect(answer.status == 400)
        #expect(answer.header("content-type") == "application/json")
        #expect(answer.json?["errors"]?.object?.names == ["name", "colour", "externalIds.erp"])
        #expect(answer.json?["traceId"] != nil)
    }

    @Test("a website with a space comes as a list with properties")
    func businessRule() {
        let answer = self.probe.softwareOne("PUT", "PRD-1234-1234", #"{"website":"not a site"}"#)
        #expect(answer.status == 400)
        #expect(answer.json?["errors"]?.array?.first?["properties"] == ["website"])
        #expect(answer.json?["type"]?.string?.hasSuffix("#MPTCAT01-0078") == true)
    }

    @Test("each kind of not found and forbidden has its shape")
    func access() {
        #expect(self.probe.softwareOne("PUT", "PRD-4030-0403", "{}").status == 403)
        #expect(self.probe.softwareOne("PUT", "PRD-0000-9999", "{}").json?["title"] == "Not Found")
        #expect(
            self.probe.softwareOne("PUT", "something", "{}").text
                == #"{"message":"Resource not found","statusCode":404}"#)
    }

    @Test("the path works with and without /public")
    func bothPaths() {
        let token = "idt:TKN-0000-0001:sandbox-softwareone-token"
        #expect(self.probe.ask("PUT", "/v1/catalog/products/PRD-1234-1234", "{}", token: token).status == 200)
    }

    @Test("a form with the part product is taken as well, other media types are not")
    func mediaTypes() {
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"product\"\r\nContent-Type: application/json\r\n\r\n"
            + #"{"name":"From a form"}"# + "\r\n--b--\r\n"
        let answer = self.probe.softwareOne(
            "PUT", "PRD-1234-1234", form, headers: [SandboxHeader("content-type", "multipart/form-data; boundary=b")])
        #expect(answer.status == 200)
        #expect(answer.json?["name"] == "From a form")
        let text = self.probe.softwareOne(
            "PUT", "PRD-1234-1234", "x", headers: [SandboxHeader("content-type", "text/plain")])
        #expect(text.status == 415)
    }

    @Test(
        "every magic id of the vendor's own form is answered for",
        arguments: SoftwareOneStandIn.ownProvocations.compactMap(\.alias))
    func aliases(_ id: String) {
        let answer = self.probe.softwareOne("PUT", id, "{}")
        #expect(answer.status == Int(id.dropFirst(5).prefix(3)))
    }

    @Test("the documented failures come word for word")
    func documentedFailures() {
        #expect(
            self.probe.softwareOne("PUT", "PRD-9400-0005", "{}").text
                == #"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"Bad Request","status":400,"#
                + #""detail":"One or more validation errors occurred.","#
                + #""traceId":"00-9e02a91b64ac56904703a3a69ea9101d-56be90a29d0b0b25-00","#
                + #""errors":{"mistake":["Unknown expression group."]}}"#)
        let plain = self.probe.softwareOne("PUT", "PRD-9500-0002", "{}")
        #expect(plain.text == "Internal Server Error")
        #expect(plain.header("content-type") == "text/plain")
        let empty = self.probe.softwareOne("PUT", "PRD-9500-0001", "{}")
        #expect(empty.text.isEmpty)
        #expect(empty.header("content-type") == nil)
    }
}
