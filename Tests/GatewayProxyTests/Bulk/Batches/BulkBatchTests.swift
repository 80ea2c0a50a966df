import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("Lines of a stream that travel together")
struct BulkBatchTests {
    /// A stream to a vendor with batches, which the test answers.
    private static func bench(_ dialect: String = "akeneo", isDryRun: Bool = false) throws -> StreamBench {
        let options = TargetOptions(
            parameters: dialect == "akeneo" ? [:] : ["currency": "EUR", "weightUnit": "kg"])
        let target = try WorkerFixture.target(
            "pim", plan: TargetPlan(targetName: "pim", dialect: Dialect(named: dialect), options: options),
            credentials: .none)
        return try StreamBench(target, isDryRun: isDryRun)
    }

    private static func shown(_ request: UpstreamRequest) -> String {
        "\(request.method) \(request.content.pathText) \(String(decoding: request.body, as: UTF8.self))"
    }

    private static func ids(_ connection: FakeVendor.Connection) -> [[String]] {
        connection.attempts.map { attempt in
            let body = String(decoding: attempt.request.body, as: UTF8.self)
            let inBody = body.split(separator: "\"identifier\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
            return inBody.isEmpty ? [String(attempt.request.content.pathText.split(separator: "/").last ?? "")] : inBody
        }
    }

    @Test("what is ready goes in one request, and each line is told what the answer says of it")
    func together() throws {
        let bench = try Self.bench()
        bench.update("a", "b", "c")
        let connection = try bench.accept()
        #expect(Self.ids(connection) == [["a", "b", "c"]])
        bench.say(
            connection, 200,
            #"{"line":2,"identifier":"b","status_code":422,"message":"Property \"x\" does not exist."}"# + "\n"
                + #"{"line":1,"identifier":"a","status_code":204}"# + "\n"
                + #"{"line":3,"identifier":"c","status_code":201}"#)
        bench.end()
        #expect(
            bench.host.lines == ["1 done", "2 rejected validation_failed", "3 done created", "summary complete true"])
        #expect(bench.host.totals?.done == 2)
        #expect(bench.host.recorded == [1, 2, 3])
        #expect(bench.stream.lanes[0].pace.underWay == 0)
        #expect(bench.host.held == 0)
    }

    @Test("a line that comes by itself is a single request, and waits for no other")
    func alone() throws {
        let bench = try Self.bench()
        bench.update("a")
        let connection = try bench.accept()
        #expect(Self.shown(connection.requests[0]).hasPrefix("PATCH /api/rest/v1/products/a "))
        bench.say(connection, 204)
        #expect(bench.host.lines == ["1 done"])
    }

    @Test("a batch has no more lines than the vendor takes, and none of one product twice")
    func limits() throws {
        let bench = try Self.bench()
        bench.send((1...250).map { #"{"id":"\#($0)","product":{"name":"x"}}"# })
        let connection = try bench.accept()
        #expect(Self.ids(connection).map(\.count) == [10], "the first one shows how long it takes")
        func answer(_ count: Int) {
            let lines = (1...count).map { "{\"line\":\($0),\"status_code\":204}" }
            bench.say(connection, 200, lines.joined(separator: "\n"))
        }
        answer(10)
        #expect(Self.ids(connection).map(\.count) == [40, 40, 40, 40, 40, 40])
        bench.send((251...500).map { #"{"id":"\#($0)","product":{"name":"x"}}"# })
        for _ in 1...6 { answer(40) }
        #expect(bench.stream.totals.done == 250)
        let largest = try #require(Self.ids(connection).map(\.count).max())
        #expect((11...40).contains(largest), "what has come free in the window is ready together")
        #expect(Self.ids(connection).map(\.count).reduce(0, +) == 250)
        let other = try Self.bench()
        other.send(
            [#"{"id":"a","product":{"name":"1"}}"#, #"{"id":"a","product":{"name":"2"}}"#]
                + [#"{"id":"b","product":{"name":"1"}}"#, #"{"id":"c","product":{"name":"1","ids":{"pim":"b"}}}"#])
        let second = try other.accept()
        let both = #"{"line":1,"status_code":204}"# + "\n" + #"{"line":2,"status_code":204}"#
        #expect(Self.ids(second) == [["a", "b"]], "the second of \"a\" waits for the first, \"c\" is another \"b\"")
        other.say(second, 200, both)
        #expect(Self.ids(second).map { $0.sorted() } == [["a", "b"]])
        other.say(second, 200, both)
        #expect(other.host.lines.sorted() == ["1 done", "2 done", "3 done", "4 done"])
    }

    @Test("lines with a key of their own and dry runs go alone")
    func keys() throws {
        let bench = try Self.bench()
        bench.send([
            #"{"id":"a","product":{"name":"x"}}"#, #"{"id":"b","key":"k-1","product":{"name":"x"}}"#,
            #"{"id":"c","product":{"name":"x"}}"#,
        ])
        let connection = try bench.accept()
        bench.fixture.loop.run()
        #expect(Self.ids(connection).flatMap { $0 }.sorted() == ["a", "b", "c"])
        #expect(connection.requests.filter { $0.content.pathText.hasSuffix("/b") }.count == 1)
        let dry = try Self.bench(isDryRun: true)
        dry.update("a", "b")
        dry.end()
        #expect(dry.host.lines == ["1 not_sent", "2 not_sent", "summary complete true"])
    }

    @Test("an update of which the answer says nothing goes again, alone; what follows it waits")
    func untold() throws {
        let bench = try Self.bench()
        bench.update("a", "b", "b")
        let connection = try bench.accept()
        bench.say(connection, 200, #"{"line":1,"identifier":"a","status_code":204}"#)
        #expect(bench.host.lines == ["1 done"])
        #expect(Self.shown(connection.attempts[0].request).hasPrefix("PATCH /api/rest/v1/products/b "))
        bench.say(connection, 422, #"{"code":422,"message":"Validation failed."}"#)
        #expect(
            bench.host.lines.dropFirst() == ["2 unknown validation_failed", "3 not_sent predecessor_failed"],
            "the batch may have changed it")
    }

    @Test("a batch that is refused as a whole is sent line by line, and each is told its own answer")
    func refused() throws {
        let bench = try Self.bench("bigcommerce")
        bench.update("1", "2", "3")
        let connection = try bench.accept()
        #expect(
            Self.shown(connection.requests[0])
                == #"PUT /v3/catalog/products [{"id":1,"name":"x"},{"id":2,"name":"x"},{"id":3,"name":"x"}]"#)
        bench.say(connection, 422, #"{"status":422,"title":"invalid","errors":{"name":"is a duplicate"}}"#)
        #expect(bench.host.lines == [])
        #expect(
            connection.attempts.map(\.request.content.pathText).sorted() == [
                "/v3/catalog/products/1", "/v3/catalog/products/2", "/v3/catalog/products/3",
            ])
        bench.say(connection, 200, #"{"data":{"id":1,"name":"x"}}"#)
        bench.say(connection, 422, #"{"status":422,"title":"invalid","errors":{"name":"is a duplicate"}}"#)
        bench.say(connection, 200, #"{"data":{"id":3,"name":"x"}}"#)
        bench.end()
        #expect(bench.host.lines == ["1 done", "2 rejected validation_failed", "3 done", "summary complete true"])
        #expect(bench.stream.lanes[0].pace.underWay == 0)
    }

    @Test("where the target takes nothing, or not with these credentials, no line is tried alone")
    func refusedForAll() throws {
        let bench = try Self.bench("bigcommerce")
        bench.update("1", "2")
        let connection = try bench.accept()
        bench.say(connection, 401, #"{"status":401,"title":"Unauthorized"}"#)
        #expect(
            bench.host.lines == [
                "1 rejected vendor_credentials_rejected", "2 rejected vendor_credentials_rejected",
            ])
        #expect(bench.host.text.contains("It is said of this line and another line, which went in one request."))
        bench.update("3", "4")
        bench.say(connection, 429)
        #expect(bench.host.lines.count == 2, "a rate limit fails no line")
        #expect(bench.stream.lanes[0].ready.map(\.line.number) == [3, 4])
    }

    @Test("updates of a batch without an answer go again; creates are unknown, each of them")
    func lost() throws {
        let bench = try Self.bench()
        bench.update("a", "b")
        let connection = try bench.accept()
        bench.lost(connection)
        #expect(bench.host.lines == [])
        bench.goOn()
        #expect(Self.ids(connection) == [["a", "b"]])
        bench.say(
            connection, 200,
            #"{"line":1,"status_code":204}"# + "\n" + #"{"line":2,"status_code":422,"message":"no"}"#)
        #expect(bench.host.lines == ["1 done", "2 unknown validation_failed"])
        let creates = try Self.bench("woocommerce")
        creates.send([#"{"op":"create","product":{"name":"x"}}"#, #"{"op":"create","product":{"name":"y"}}"#])
        let second = try creates.accept()
        #expect(Self.shown(second.requests[0]).hasSuffix(#"{"create":[{"name":"x"},{"name":"y"}]}"#))
        creates.lost(second)
        #expect(creates.host.lines == ["1 unknown vendor_unreachable", "2 unknown vendor_unreachable"])
        #expect(second.attempts.isEmpty)
    }

    @Test("new products are told with their ids; one of which nothing is said is unknown and not made again")
    func creates() throws {
        let bench = try Self.bench("woocommerce")
        bench.send([#"{"op":"create","product":{"name":"x"}}"#, #"{"op":"create","product":{"name":"y"}}"#])
        let connection = try bench.accept()
        bench.say(connection, 200, #"{"create": [{"id": 71, "name": "x"}, {"id": 0, "error": {"code": "c"}}]}"#)
        #expect(bench.host.lines == ["1 done", "2 unknown vendor_unintelligible"])
        #expect(bench.host.text.contains(#""id":"71""#))
        #expect(connection.attempts.isEmpty)
    }

    @Test("endpoints that refuse batches get lines alone for a while")
    func backsOff() throws {
        let bench = try Self.bench("bigcommerce")
        var dialled: FakeVendor.Connection?
        for round in 1...2 {
            bench.update("\(round)1", "\(round)2")
            let connection = try dialled ?? bench.accept()
            dialled = connection
            bench.say(connection, 404, #"{"status":404,"title":"no such endpoint"}"#)
            for id in ["\(round)1", "\(round)2"] {
                bench.say(connection, 200, #"{"data":{"id":\#(id),"name":"x"}}"#)
            }
        }
        #expect(bench.host.lines == ["1 done", "2 done", "3 done", "4 done"])
        bench.update("5", "6")
        #expect(
            dialled?.attempts.map(\.request.content.pathText) == ["/v3/catalog/products/5", "/v3/catalog/products/6"])
    }

    @Test(
        "when the gateway has to stop, a batch without an answer is unknown for each line, one that waits is not sent")
    func stops() throws {
        let bench = try Self.bench()
        bench.update("a", "b")
        let connection = try bench.accept()
        #expect(connection.attempts.count == 1)
        bench.stream.cut()
        bench.fixture.loop.run()
        #expect(bench.host.lines.prefix(2) == ["1 unknown vendor_timeout", "2 unknown vendor_timeout"])
        let waiting = try Self.bench()
        waiting.update("a", "b")
        #expect(waiting.vendor.pending.count == 1)
        #expect(!waiting.stream.callerLeft())
        waiting.fixture.loop.run()
        #expect(waiting.host.totals?.notSent == 2)
        #expect(waiting.stream.lanes[0].underWay.isEmpty)
    }
}
