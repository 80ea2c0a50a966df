import Testing

@testable import GatewaySandbox

struct MagicTests {
    let probe = SandboxProbe()

    private static let update = #"{"metadata":{"source":"MICROSOFT_DYNAMICS"},"name":"n"}"#

    @Test(
        "every word that gives an answer is answered by every vendor that knows it",
        arguments: SandboxVendor.allCases)
    func everyWord(_ vendor: SandboxVendor) {
        let tables: [SandboxVendor: ProvocationTable] = [
            .cor: CORStandIn.provocations, .elasticPath: ElasticPathStandIn.provocations,
            .softwareOne: SoftwareOneStandIn.provocations, .catalogue: CatalogueStandIn.provocations,
        ]
        for provocation in tables[vendor]?.all ?? [] {
            let context = Provocation.Context(vendor: vendor, id: "x", number: 1)
            guard case .answer(let expected) = provocation.effect(context) else { continue }
            let id = "x~" + (provocation.takesNumber ? provocation.word.dropLast() + "1" : provocation.word)
            let answer =
                switch vendor {
                case .cor: self.probe.cor("PUT", id, Self.update)
                case .elasticPath: self.probe.elasticPath("PUT", id, "{}")
                case .softwareOne: self.probe.softwareOne("PUT", id, "{}")
                case .catalogue: self.probe.catalogue("PUT", id, "{}")
                }
            #expect(answer.status == expected.status, "\(id)")
            #expect(answer.response.body == expected.response().body, "\(id)")
        }
    }

    @Test("a transport word lets the request be carried out and asks the transport for the fault")
    func transportWords() {
        let answer = self.probe.cor("PUT", "EXT-PROD-12345~delay-200~close-mid-body", Self.update)
        #expect(answer.status == 200)
        #expect(answer.response.fault == SandboxTransportFault(act: .closeMidBody, delayMilliseconds: 200))
        let after = self.probe.cor("PUT", "EXT-PROD-12345", #"{"metadata":{"source":"MICROSOFT_DYNAMICS"}}"#)
        #expect(after.json?["name"] == "n")
    }

    @Test("a refused stream leaves the product as it was")
    func refusedStream() {
        let answer = self.probe.cor("PUT", "EXT-PROD-12345~refused-stream", Self.update)
        #expect(answer.response.fault.act == .refusedStream)
        let product = self.probe.control("GET", "products?vendor=cor").json?["cor"]?.array?.last?["product"]
        #expect(product?["name"] == "Premium Product")
    }

    @Test("once- counts the first time only")
    func once() {
        #expect(self.probe.cor("PUT", "EXT-PROD-12345~once-503", Self.update).status == 503)
        #expect(self.probe.cor("PUT", "EXT-PROD-12345~once-503", Self.update).status == 200)
    }

    @Test("an encoded tilde is a tilde")
    func encodedTilde() {
        #expect(self.probe.cor("PUT", "EXT-PROD-12345%7Ezc001", Self.update).json?["code"] == "ZC001")
    }

    @Test(
        "an id with a tilde that is no word is an ordinary id",
        arguments: ["a~b", "a~", "~zc001x", "a~zc001~b", "a~delay-x"])
    func ordinaryIDs(_ id: String) {
        let marks = MagicMarks(id: id, known: CORStandIn.provocations)
        #expect(marks.id == id)
        #expect(marks.marks.isEmpty)
    }

    @Test("a create carries its words in the body")
    func creates() {
        let cor = """
            {"metadata":{"source":"JIRA"},"id":"NEW~duplicate","name":"n","client_id":"EXT-CLIENT-67890",
             "brand_id":"EXT-BRAND-11111"}
            """
        #expect(self.probe.cor("POST", "", cor).json?["name"] == "DuplicateExternalIdError")
        let elasticPath =
            #"{"data":{"type":"product","attributes":{"name":"n","commodity_type":"digital","sku":"S~422-sku"}}}"#
        #expect(self.probe.elasticPath("POST", "", elasticPath).status == 422)
        #expect(self.probe.catalogue("POST", "", #"{"name":"n","number":"M~409"}"#).status == 409)
    }

    @Test("a header does the same by hand")
    func header() {
        let answer = self.probe.catalogue(
            "GET", CatalogueStandInTests.id, headers: [SandboxHeader("sandbox-provoke", "404-message")])
        #expect(answer.status == 404)
    }

    @Test("Elastic Path answers with the id it was asked for")
    func echoedID() {
        let id = "\(ElasticPathStandInTests.range)~delay-1"
        let answer = self.probe.elasticPath(
            "PUT", id, #"{"data":{"type":"product","id":"\#(id)","attributes":{"name":"n"}}}"#)
        #expect(answer.status == 200)
        #expect(answer.json?["data"]?["id"]?.string == id)
    }
}
