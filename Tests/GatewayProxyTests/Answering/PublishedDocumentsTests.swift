import GatewayJSON
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("What a caller is shown")
struct PublishedDocumentsTests {
    private static let directory: TargetDirectory? = try? TargetDirectory(
        targets: ["hers", "his", "nobodys"].map { try WorkerFixture.target($0) }, defaultTarget: "nobodys")

    /// A caller that may set names at `hers`, may read `his`, and may do nothing elsewhere.
    private static let caller: Caller = {
        let names = CallerAccess.Grant.fields(FieldAccess([.only([["name"]])]))
        return Caller(
            name: "shop", index: 0,
            access: CallerAccess(grants: [
                "hers": [names, .nothing, .nothing, names], "his": [.nothing, .nothing, .everything, .nothing],
                "nobodys": [.nothing, .nothing, .nothing, .nothing],
            ]))
    }()

    private func answer(_ route: Route, _ caller: Caller? = caller) throws -> (status: Int, JSONNode) {
        let directory = try #require(Self.directory)
        var limits = WorkerFixture().worker.exchanges.limits
        limits.targetsMax = 4
        let documents = PublishedDocuments(targets: directory, limits: limits)
        var random = LoopRandom()
        let answer = documents.answer(to: route, for: caller, requestID: RequestID(from: &random))
        return (answer.status, try JSONDocument(parsing: answer.body).root)
    }

    @Test("the list has the targets where it may do something, and what that is")
    func list() throws {
        let (status, list) = try self.answer(.targets)
        #expect(status == 200)
        let targets = try #require(list["targets"]?.elements)
        #expect(targets.map { $0["name"]?.string } == ["hers", "his"])
        #expect(targets[0]["operations"]?.elements.map(\.string) == ["update", "create"])
        // A default that it may not use is none.
        #expect(list["defaultTarget"] == nil)
        let (_, all) = try self.answer(.targets, nil)
        #expect(all["targets"]?.elements.count == 3)
        #expect(all["defaultTarget"]?.string == "nobodys")
    }

    @Test("a target has the fields that it may set or read, and says so of each")
    func target() throws {
        let (status, matrix) = try self.answer(.target(name: "hers"))
        #expect(status == 200)
        let fields = try #require(matrix["fields"]?.elements)
        #expect(fields.map { $0["pointer"]?.string } == ["/name"])
        #expect(fields[0]["permitted"]?["update"]?.string == "all")
        #expect(fields[0]["permitted"]?["dryRun"]?.string == "all")
        #expect(matrix["caller"]?["operations"]?.elements.map(\.string) == ["update", "dryRun"])
        let (_, read) = try self.answer(.target(name: "his"))
        let readable = try #require(read["fields"]?.elements)
        #expect(!readable.isEmpty)
        for field in readable {
            #expect(field["answered"]?.bool == true)
            #expect(field["update"] == nil && field["create"] == nil)
            #expect(field["permitted"]?.members.allSatisfy { $0.value.string == "none" } == true)
        }
    }

    @Test("of a target where it may do nothing it is told that, and of one that there is not which there are")
    func others() throws {
        let (forbidden, problem) = try self.answer(.target(name: "nobodys"))
        #expect(forbidden == 403)
        #expect(problem["code"]?.string == "forbidden")
        let (unknown, list) = try self.answer(.target(name: "none"))
        #expect(unknown == 404)
        #expect(list["detail"]?.string?.hasSuffix("there are: hers, his.") == true)
    }

    @Test("the document of the API names its targets and no others")
    func openAPI() throws {
        func text(_ caller: Caller?) throws -> String {
            let directory = try #require(Self.directory)
            let documents = PublishedDocuments(targets: directory, limits: WorkerFixture().worker.exchanges.limits)
            var random = LoopRandom()
            let answer = documents.answer(to: .openAPI, for: caller, requestID: RequestID(from: &random))
            return String(decoding: answer.body, as: UTF8.self)
        }
        #expect(try text(nil).contains("nobodys"))
        #expect(try !text(Self.caller).contains("nobodys"))
        #expect(try text(Self.caller).contains("hers"))
    }

    @Test("a request for a target that there is not tells of no target that its caller may not know")
    func unknownTarget() throws {
        let directory = try #require(Self.directory)
        #expect(directory.problem(.unknown("x"), for: Self.caller).detail.contains("hers, his."))
        #expect(!directory.problem(.noneNamed, for: Self.caller).detail.contains("nobodys"))
        let nobody = Caller(name: "nobody", index: 1, access: CallerAccess(grants: [:]))
        #expect(directory.problem(.unknown("x"), for: nobody).detail.contains("none for this caller"))
    }
}
