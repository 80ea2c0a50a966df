import Testing

@testable import GatewaySandbox

struct ControlTests {
    let probe = SandboxProbe()

    private func update() -> SandboxProbe.Answer {
        self.probe.cor("PUT", "EXT-PROD-12345", CORStandInTests.update)
    }

    @Test("an exchange is recorded with the bytes as they came, and its secrets as fingerprints")
    func exchanges() throws {
        let body = #"{ "metadata":{"source":"MICROSOFT_DYNAMICS"} , "name":"\u00fc" , "x":1e400}"#
        _ = self.probe.cor("PUT", "EXT-PROD-12345", body)
        let text = self.probe.control("GET", "exchanges?vendor=cor&last=5")
        let exchange = try #require(text.json?["exchanges"]?.array?.first)
        #expect(exchange["request"]?["body"]?.string == body)
        #expect(exchange["request"]?["path"] == "/v2/integrations/products/EXT-PROD-12345")
        #expect(exchange["response"]?["status"] == 200)
        #expect(!text.text.contains("sandbox-cor-token"))
        let authorization = exchange["request"]?["headers"]?.array?.first { $0["name"] == "authorization" }
        #expect(authorization?["value"]?.string?.hasPrefix("Bearer #") == true)
    }

    @Test("neither a client secret nor an issued token can be read from the records")
    func tokenExchanges() throws {
        let answer = self.probe.ask(
            "POST", "/oauth/access_token",
            "grant_type=client_credentials&client_id=sandbox-ep-client&client_secret=sandbox-ep-secret", token: nil,
            headers: [SandboxHeader("content-type", "application/x-www-form-urlencoded")])
        let token = try #require(answer.json?["access_token"]?.string)
        let text = self.probe.control("GET", "exchanges").text
        #expect(text.contains("client_id=sandbox-ep-client&client_secret=#"))
        #expect(!text.contains("sandbox-ep-secret"))
        #expect(!text.contains(token))
    }

    @Test("a body that is not text is kept in hexadecimal")
    func bytes() {
        _ = self.probe.sandbox.answer(
            SandboxRequest(method: "PUT", path: "/catalogue/products/x", body: [0xFF, 0x00, 0x41]))
        let exchange = self.probe.control("GET", "exchanges").json?["exchanges"]?.array?.first
        #expect(exchange?["request"]?["bodyHexadecimal"] == "ff0041")
    }

    @Test("records are limited in number and in bytes")
    func limits() {
        let few = SandboxProbe { $0.limits.exchangesMax = 3 }
        for index in 0..<20 { _ = few.cor("PUT", "P\(index)", "{}") }
        let paths = few.control("GET", "exchanges?last=100").json?["exchanges"]?.array?.compactMap {
            $0["request"]?["path"]?.string?.suffix(3)
        }
        #expect(paths == ["P17", "P18", "P19"])

        let small = SandboxProbe { $0.limits.exchangeBytesMax = 1000 }
        for _ in 0..<20 { _ = small.cor("PUT", "P", String(repeating: "x", count: 400)) }
        #expect(small.control("GET", "exchanges?last=100").json?["exchanges"]?.array?.count == 1)
    }

    @Test("a planned status befalls as many requests as it was planned for, and nothing is carried out")
    func plannedStatus() {
        let plan = #"{"vendor":"cor","times":2,"fault":{"status":503,"body":"down","headers":{"Retry-After":"7"}}}"#
        #expect(self.probe.control("POST", "faults", plan).status == 200)
        let first = self.update()
        #expect(first.status == 503)
        #expect(first.text == "down")
        #expect(first.header("retry-after") == "7")
        #expect(first.header("content-type") == "text/plain")
        #expect(self.update().status == 503)
        #expect(self.probe.control("GET", "faults").json == ["faults": []])
        #expect(self.update().status == 200)
    }

    @Test(
        "a planned fault of the transport is carried out after the vendor has done its part",
        arguments: [
            (#"{"close":"before-headers"}"#, SandboxTransportFault.Act.closeBeforeHeaders),
            (#"{"close":"after-headers"}"#, .closeAfterHeaders),
            (#"{"close":"mid-body"}"#, .closeMidBody),
            (#"{"reset":true}"#, .reset),
            (#"{"reset":"refused-stream"}"#, .refusedStream),
            (#"{"never":true}"#, .never),
            (#"{"garbage":true}"#, .garbage),
            (#"{"truncate":true}"#, .truncate),
            (#"{"truncate":"length"}"#, .truncateLength),
            (#"{"dribble":true}"#, .dribble),
            (#"{"goaway":true}"#, .goAway),
            (#"{"goaway":"refused"}"#, .goAwayRefused),
        ])
    func plannedTransport(_ fault: String, _ act: SandboxTransportFault.Act) {
        #expect(self.probe.control("POST", "faults", #"{"vendor":"cor","fault":\#(fault)}"#).status == 200)
        #expect(self.update().response.fault.act == act)
        let product = self.probe.control("GET", "products?vendor=cor").json?["cor"]?.array?.last?["product"]
        #expect(product?["name"]?.string == (act.meansNotProcessed ? "Premium Product" : "Updated Premium Product"))
    }

    @Test("faults choose their endpoint and method, and a document as body is written as JSON")
    func choosyFaults() {
        let plan = #"{"vendor":"elastic-path","endpoint":"token","fault":{"status":500,"body":{"a":[1.0]}}}"#
        #expect(self.probe.control("POST", "faults", plan).status == 200)
        #expect(self.probe.elasticPath("GET", ElasticPathStandInTests.range).status == 200)
        let token = self.probe.ask("POST", "/oauth/access_token", "x", token: nil)
        #expect(token.status == 500)
        #expect(token.text == #"{"a":[1.0]}"#)
        let method = #"{"vendor":"elastic-path","method":"PUT","fault":{"delayMilliseconds":5}}"#
        #expect(self.probe.control("POST", "faults", method).status == 200)
        #expect(self.probe.elasticPath("GET", ElasticPathStandInTests.range).response.fault == .none)
        #expect(self.probe.elasticPath("PUT", "x", "{}").response.fault.delayMilliseconds == 5)
    }

    @Test(
        "a plan that cannot be understood is refused with its reason",
        arguments: [
            (#"{}"#, "vendor: expected one of cor, elastic-path, softwareone, catalogue"),
            (#"{"vendor":"cor"}"#, "fault: expected an object with at least one member"),
            (
                #"{"vendor":"cor","fault":{"close":"sometimes"}}"#,
                #"fault.close: expected "before-headers" or "after-headers" or "mid-body""#
            ),
            (
                #"{"vendor":"cor","fault":{"reset":true,"never":true}}"#,
                "fault: one of close, reset, never, … at a time"
            ),
            (#"{"vendor":"cor","fault":{"status":99}}"#, "fault.status: expected 200 to 599"),
            (#"{"vendor":"cor","times":0,"fault":{"status":500}}"#, "times: expected 1 to 1000000"),
        ])
    func mistakenFaults(_ plan: String, _ reason: String) {
        let answer = self.probe.control("POST", "faults", plan)
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?.string == reason)
    }

    @Test("planned faults are limited and can be cleared")
    func faultLimit() {
        let probe = SandboxProbe { $0.limits.faultsMax = 1 }
        let plan = #"{"vendor":"cor","fault":{"never":true}}"#
        #expect(probe.control("POST", "faults", plan).status == 200)
        #expect(probe.control("POST", "faults", plan).status == 400)
        #expect(probe.control("DELETE", "faults").status == 200)
        #expect(probe.control("POST", "faults", plan).status == 200)
    }

    @Test("statistics count requests, statuses, tokens and faults of each vendor")
    func statistics() {
        _ = self.update()
        _ = self.probe.cor("PUT", "EXT-PROD-12345~never", CORStandInTests.update)
        _ = self.probe.cor("PUT", "UNKNOWN", CORStandInTests.update)
        let cor = self.probe.control("GET", "stats").json?["vendors"]?["cor"]
        #expect(cor?["requests"] == 3)
        #expect(cor?["byStatus"] == ["200": 1, "400": 1])
        #expect(cor?["unanswered"] == 1)
        #expect(cor?["faults"] == 1)
    }

    @Test("a reset brings everything back, behaviour included")
    func reset() {
        _ = self.update()
        _ = self.probe.control("POST", "behaviour", #"{"catalogue":{"etag":"412"}}"#)
        #expect(self.probe.control("POST", "reset").status == 200)
        #expect(self.probe.control("GET", "exchanges").json == ["exchanges": []])
        #expect(self.probe.control("GET", "behaviour").json?["catalogue"]?["etag"] == "off")
        let product = self.probe.control("GET", "products?vendor=cor").json?["cor"]?.array?.last?["product"]
        #expect(product?["name"] == "Premium Product")
    }

    @Test("a mistake in a change of behaviour leaves everything as it was")
    func mistakenBehaviour() {
        let answer = self.probe.control(
            "POST", "behaviour", #"{"catalogue":{"update":"partial","etag":"sometimes"}}"#)
        #expect(answer.status == 400)
        #expect(answer.json?["error"] == "catalogue.etag: expected off, 412 or 409")
        #expect(self.probe.control("GET", "behaviour").json?["catalogue"]?["update"] == "replace")
    }

    @Test("a newcomer finds vendors, words, credentials and the control paths at /")
    func landing() {
        let json = self.probe.ask("GET", "/", token: nil).json
        #expect(json?["vendors"]?.object?.names == ["cor", "elastic-path", "softwareone", "catalogue"])
        #expect(json?["vendors"]?["cor"]?["words"]?["zc001"] != nil)
        #expect(json?["magicIDs"]?["everyVendor"]?["never"] != nil)
        #expect(json?["control"]?.array?.isEmpty == false)
    }

    @Test("paths of no vendor and paths that cannot be decoded are told apart")
    func otherPaths() {
        #expect(self.probe.ask("GET", "/nothing", token: nil).status == 404)
        #expect(self.probe.ask("GET", "/pcm/%zz", token: nil).status == 400)
        #expect(self.probe.ask("GET", "no-slash", token: nil).status == 400)
        #expect(self.probe.elasticPath("DELETE", "x").status == 405)
        #expect(self.probe.ask("GET", "/pcm/other", token: "sandbox-ep-token").status == 404)
    }

    @Test("stores are limited: a vendor that is full says so")
    func productLimit() {
        let probe = SandboxProbe { $0.limits.productsMax = 3 }
        let body = CORStandInTests.create.replacing("EXT-PROD-12345", with: "ANOTHER")
        #expect(probe.cor("POST", "", body).status == 503)
    }

    @Test("many threads may ask at once")
    func threads() async {
        let probe = self.probe
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        _ = probe.cor("PUT", "EXT-PROD-12345", CORStandInTests.update)
                        _ = probe.softwareOne("PUT", "PRD-1234-1234", "{}")
                    }
                }
            }
        }
        #expect(probe.softwareOne("GET", "PRD-1234-1234").json?["revision"] == 407)
        #expect(probe.control("GET", "stats").json?["vendors"]?["cor"]?["requests"] == 400)
    }
}
