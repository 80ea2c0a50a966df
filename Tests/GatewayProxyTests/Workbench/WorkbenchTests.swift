import GatewayJSON
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("The workbench")
struct WorkbenchTests {
    private let workbench: Workbench

    init() throws {
        let targets = try Dialect.builtInNames.map { name in
            let vendor = try WorkerFixture.target(name)
            let dialect = try Dialect(named: name)
            var options = TargetOptions()
            if name == "cor" { options.parameters = ["source": "MICROSOFT_DYNAMICS"] }
            return Target(
                name: name, index: 0, plan: try TargetPlan(targetName: name, dialect: dialect, options: options),
                endpoint: vendor.endpoint, baseURL: "https://vendor.test", basePath: [],
                credentials: vendor.credentials, timeouts: vendor.timeouts, retryPolicy: vendor.retryPolicy)
        }
        let worker = WorkerFixture().worker
        self.workbench = Workbench(
            WorkbenchTargets(
                TargetDirectory(targets: targets, defaultTarget: "cor"), limits: worker.exchanges.limits))
    }

    private func ask(_ name: Substring, _ question: String) throws -> JSONNode {
        let reply = try #require(self.workbench.answer(name, Array(question.utf8)))
        return try JSONDocument(parsing: reply.get()).root
    }

    private func mistake(_ name: Substring, _ question: String) -> String? {
        guard case .failure(let mistake) = self.workbench.answer(name, Array(question.utf8)) else { return nil }
        return mistake.sentence
    }

    @Test("what went into a request that follows is linked there, and not with the same place of the first one")
    func following() throws {
        let document = #"{\"name\":\"Desk\",\"translations\":{\"de\":{\"name\":\"Tisch\"}}}"#
        let result = try self.ask(
            "translate",
            #"{"document":"\#(document)","operation":"update","id":"1","targets":["adobe-commerce"]}"#)
        let links = try #require(result["targets"]?.elements.first?["links"]?.elements)
        #expect(
            links.map { $0.elements.compactMap(\.string) } == [
                ["/name", "/product/name"], ["/translations/de/name", "then 1 /product/name"],
            ])
    }

    @Test("every dialect that is compiled in has an example that its target takes, and whose answers fold")
    func examples() throws {
        let start = try JSONDocument(parsing: self.workbench.start()).root
        let examples = try #require(start["examples"]?.elements)
        let dialects = examples.compactMap { $0["target"]?.string }
        #expect(Set(dialects) == Set(Dialect.builtInNames))
        for example in examples {
            guard let target = example["target"]?.string else { continue }
            var question = JSONWriter()
            question.object { writer in
                for name in ["document", "operation", "id"] { writer.member(name, example[name]?.string ?? "") }
                writer.member("targets", [target])
            }
            let result = try self.ask("translate", String(decoding: question.bytes, as: UTF8.self))
            let translated = try #require(result["targets"]?.elements.first)
            #expect(translated["request"] != nil, "\(target): \(translated["problem"]?["detail"]?.string ?? "")")
            #expect((translated["links"]?.elements.count ?? 0) >= 2)
            let answers = try #require(example["answers"]?.elements)
            #expect(!answers.isEmpty, "\(target)")
            for (position, answer) in answers.enumerated() {
                var question = JSONWriter()
                question.object { writer in
                    writer.member("target", target)
                    for name in ["document", "operation", "id"] { writer.member(name, example[name]?.string ?? "") }
                    writer.member("status", answer["status"]?.integer ?? 0)
                    writer.member("body", answer["body"]?.string ?? "")
                }
                let folded = try self.ask("fold", String(decoding: question.bytes, as: UTF8.self))
                let status = try #require(folded["status"]?.integer)
                // The first is a success, the others are failures, with whatever status the vendor has for them.
                #expect((status < 300) == (position == 0), "\(target): \(status)")
                // A vendor that says no more than "done" leaves nothing to link.
                let saysNothing = answer["body"]?.string?.isEmpty == true
                #expect((folded["links"]?.elements.isEmpty ?? true) == saysNothing, "\(target)")
            }
        }
    }

    @Test("a refusal has its pointers, and what lenient would leave out")
    func refusal() throws {
        let question = #"{"document":"{\"name\":\"n\",\"slug\":\"s\"}","id":"P1","targets":["cor"]}"#
        let result = try #require(try self.ask("translate", question)["targets"]?.elements.first)
        #expect(result["problem"]?["errors"]?.elements.first?["pointer"]?.string == "/slug")
        #expect(result["request"] == nil)
        #expect(result["lenient"]?["request"]?["warnings"]?.elements.first?["pointer"]?.string == "/slug")
    }

    @Test("secrets are masked")
    func secrets() throws {
        let result = try self.ask("translate", #"{"document":"{\"name\":\"n\"}","id":"P1","targets":["cor"]}"#)
        let text = String(decoding: result.document.bytes, as: UTF8.self)
        #expect(text.contains("Bearer ***") && !text.contains("s3cret"))
    }

    @Test("a text that is no JSON is told with its place")
    func malformed() throws {
        let answer = try self.ask("translate", #"{"document":"{\"name\": \n x}","id":"P1"}"#)
        #expect(answer["malformed"]?["line"]?.integer == 2)
        #expect(answer["malformed"]?["before"]?.string == "{\"name\": \n ")
        #expect(answer["targets"]?.elements.isEmpty == true)
    }

    @Test(
        "a question that cannot be answered is told why",
        arguments: [
            ("translate", "[]", "not a JSON object"), ("translate", "{", "not JSON"),
            ("translate", #"{"document":1}"#, "document is a string"),
            ("translate", #"{"operation":"destroy"}"#, "operation is"),
            ("translate", #"{"handling":"rough"}"#, "handling is"),
            ("translate", #"{"targets":["nobody"]}"#, "no target \"nobody\""),
            ("translate", #"{"targets":"cor"}"#, "targets is an array"), ("fold", "{}", "target says"),
            ("fold", #"{"target":"cor","status":100}"#, "status is a final"),
            ("fold", #"{"target":"cor","headers":{"etag":1}}"#, "headers has strings"),
        ])
    func mistakes(name: String, question: String, words: String) {
        #expect(self.mistake(Substring(name), question)?.contains(words) == true)
    }

    @Test("a text that is too long, and too many targets, are refused")
    func bounds() {
        let long = String(repeating: "x", count: Workbench.textBytesMax + 1)
        #expect(self.mistake("translate", #"{"document":"\#(long)"}"#)?.contains("longer than") == true)
        let names = Array(repeating: "\"cor\"", count: Workbench.targetsMax + 1).joined(separator: ",")
        #expect(self.mistake("translate", "{\"targets\":[\(names)]}")?.contains("at most") == true)
        #expect(self.workbench.answer("other", []) == nil)
    }
}
