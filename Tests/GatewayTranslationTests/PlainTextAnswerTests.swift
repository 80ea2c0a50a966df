import GatewayTranslation
import Testing

@Suite("Errors that are no JSON")
struct PlainTextAnswerTests {
    private func problem(_ body: [UInt8], isComplete: Bool = true) throws -> Problem {
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: "catalogue"))
        let answer = VendorAnswer(status: 400, body: body, isComplete: isComplete)
        guard case .problem(let problem) = Translator().fold(answer, to: nil, operation: .update, for: plan) else {
            throw Unexpected()
        }
        return problem
    }

    private struct Unexpected: Error {}

    @Test("a text is told, in UTF-8 or in Latin-1")
    func text() throws {
        #expect(try self.problem(Array("Größe fehlt".utf8)).detail == "Fynn: Größe fehlt")
        #expect(try self.problem([0x47, 0x72, 0xF6, 0xDF, 0x65]).detail == "Fynn: Größe")
        #expect(try self.problem(Array(" \n name: is too long\r\n".utf8)).errors.first?.pointer == "/name")
    }

    @Test(
        "what is a document, broken off, or no text says nothing",
        arguments: ["<html>no</html>", "{\"a\":", "[1,", "", "\u{1}\u{2}abc"])
    func nothing(body: String) throws {
        #expect(try self.problem(Array(body.utf8)).detail == "Fynn answered status 400 and said nothing more.")
    }

    @Test("a text that was cut short says nothing")
    func cut() throws {
        let problem = try self.problem(Array("half of a sen".utf8), isComplete: false)
        #expect(problem.detail == "Fynn answered status 400 and said nothing more.")
    }

    @Test("a long text is cut between characters")
    func long() throws {
        let problem = try self.problem(Array(String(repeating: "ä", count: 2000).utf8))
        #expect(problem.detail == "Fynn: " + String(repeating: "ä", count: 500))
    }
}
