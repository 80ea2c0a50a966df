import GatewayHTTP
import GatewayIdentity
import GatewayTranslation
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import GatewayProxy

@Suite("Admission")
struct AdmissionTests {
    /// Says what it is told to, at once or later.
    private final class Step: AdmissionStep {
        private let answer: AdmissionAnswer
        private let state = Mutex<(asked: Int, reply: LoopReply<AdmissionDecision>?)>((0, nil))

        init(_ answer: AdmissionAnswer) { self.answer = answer }

        func admit(_: borrowing Question, reply: () -> LoopReply<AdmissionDecision>) -> AdmissionAnswer {
            self.state.withLock { state in
                state.asked += 1
                if case .later = self.answer { state.reply = reply() }
            }
            return self.answer
        }

        var asked: Int { self.state.withLock { $0.asked } }
        func decide(_ decision: AdmissionDecision) { self.state.withLock { $0.reply }?.send(decision) }
    }

    /// Keeps what an exchange tells its connection.
    private final class Sink: AnswerSink {
        let caller = ""
        let certificate: ShownCertificate? = nil
        private(set) var answers: [Answer] = []
        private(set) var credited: [Int] = []
        private(set) var continues = 0
        private(set) var heldBytes = 0
        func believe(_: String, of _: CallerRequest) {}
        func send(_ answer: Answer, for _: CallerRequest) { self.answers.append(answer) }
        func begin(_: Answer, for _: CallerRequest) {}
        func extend(by _: [UInt8], isEnd _: Bool, for _: CallerRequest) {}
        func sendContinue(for _: CallerRequest) { self.continues += 1 }
        func giveCredit(of bytes: Int, to _: CallerRequest) { self.credited.append(bytes) }
        func heldBytesChanged(by difference: Int, of _: CallerRequest) { self.heldBytes += difference }
        func isCrowded(by _: ObjectIdentifier) -> Bool { false }
        func isReading(_: CallerRequest) -> Bool { false }
        func cutOff(_: CallerRequest) {}
        func abandonedRequestEnded() {}
    }

    /// One request for a dry run, whose admission asks some steps.
    private struct Bench {
        let fixture: WorkerFixture
        let sink = Sink()
        let exchange: Exchange

        init(_ steps: [Step]) throws {
            self.fixture = WorkerFixture(targets: [try WorkerFixture.target()])
            let exchanges = self.fixture.worker.exchanges
            exchanges.replace(
                admission: Admission(steps: steps), targets: exchanges.targets, published: exchanges.published,
                limits: exchanges.limits)
            self.exchange = Exchange(environment: exchanges, sink: self.sink, streamID: 1)
        }

        func receiveHead() {
            let head = FieldStore().deliver(
                ["content-type": "application/json", "expect": "100-continue"], method: "PATCH"
            ) { RequestHead($0) }
            guard let head else { return }
            Array("/v1/products/p-1?target=catalogue&dryRun=true".utf8).withUnsafeBufferPointer {
                self.exchange.receive(head: head, path: $0, isEnd: false)
            }
        }

        func receive(_ body: String) -> CallerRequest.BodyTaking {
            Array(body.utf8).withUnsafeBytes { self.exchange.receive(body: $0) }
        }
    }

    @Test("a body gets no credit, and its caller no word to send it, before the request is admitted")
    func noCredit() throws {
        let step = Step(.later)
        let bench = try Bench([step])
        bench.receiveHead()
        #expect(!bench.exchange.takesMore)
        #expect(bench.receive(#"{"name":"#) == .keptWithoutCredit)
        #expect(bench.sink.heldBytes == 8)
        #expect(bench.sink.continues == 0)
        step.decide(.admitted)
        #expect(bench.sink.credited.isEmpty, "not before the event loop's next turn")
        bench.fixture.loop.run()
        #expect(bench.sink.credited == [8])
        #expect(bench.sink.continues == 1)
        #expect(bench.receive(#""x"}"#) == .kept)
        bench.exchange.receiveEnd()
        #expect(bench.sink.answers.map(\.status) == [200])
        #expect(bench.sink.heldBytes == 0)
    }

    @Test("whoever is refused gets its credit too, so that one that sends all before it reads comes to its answer")
    func creditWithRefusal() throws {
        let step = Step(.later)
        let bench = try Bench([step])
        bench.receiveHead()
        _ = bench.receive(#"{"name":"#)
        step.decide(.refused(Problem(.rateLimited, detail: "Not so fast.")))
        bench.fixture.loop.run()
        #expect(bench.sink.answers.map(\.status) == [429])
        #expect(bench.sink.credited == [8])
        #expect(bench.receive(#""x"}"#) == .unwanted)
    }

    @Test("a request that is whole before it is admitted goes on when it is")
    func whole() throws {
        let step = Step(.later)
        let bench = try Bench([step])
        bench.receiveHead()
        _ = bench.receive(#"{"name":"x"}"#)
        bench.exchange.receiveEnd()
        #expect(bench.sink.answers.isEmpty)
        step.decide(.admitted)
        bench.fixture.loop.run()
        #expect(bench.sink.answers.map(\.status) == [200])
    }

    @Test("steps are asked in their order, and none after one that refuses, at once or later")
    func order() throws {
        let refusal = Problem(.forbidden, detail: "Not this one.")
        let last = Step(.admitted)
        let atOnce = try Bench([Step(.admitted), Step(.refused(refusal)), last])
        atOnce.receiveHead()
        #expect(atOnce.sink.answers.map(\.status) == [403])
        #expect(atOnce.receive("{") == .unwanted)

        let slow = Step(.later)
        let later = try Bench([slow, last])
        later.receiveHead()
        _ = later.receive("{")
        slow.decide(.refused(refusal))
        later.fixture.loop.run()
        #expect(later.sink.answers.map(\.status) == [403])
        #expect(later.sink.heldBytes == 0)
        #expect(last.asked == 0)

        let both = try Bench([slow, last])
        both.receiveHead()
        slow.decide(.admitted)
        both.fixture.loop.run()
        #expect(last.asked == 1)
        #expect(both.exchange.takesMore)
    }

    @Test("a decision that comes after the caller has gone, or after the time for it, changes nothing")
    func late() throws {
        let step = Step(.later)
        let gone = try Bench([step])
        gone.receiveHead()
        #expect(!gone.exchange.callerLeft())
        step.decide(.admitted)
        gone.fixture.loop.run()
        #expect(gone.sink.answers.isEmpty)
        #expect(gone.fixture.worker.exchanges.underWay.count == 0)

        let slow = try Bench([step])
        slow.receiveHead()
        slow.exchange.deadlineReached()
        #expect(slow.sink.answers.map(\.status) == [503])
        step.decide(.admitted)
        slow.fixture.loop.run()
        #expect(slow.sink.answers.count == 1)
    }

    @Test(
        "where memory is held back batch callers give way, and others where it is short",
        arguments: [
            (Caller.Priority.batch, 0, 0), (.batch, 750, 503), (.batch, 900, 503), (.interactive, 750, 0),
            (.interactive, 900, 503),
        ])
    func memory(priority: Caller.Priority, taken: Int, status: Int) throws {
        let bench = try Bench([])
        let budget = bench.fixture.worker.exchanges.memory.budget
        budget.replace(MemoryBudget.Limits(bytes: 1_000))
        budget.add(taken)
        defer { budget.add(-taken) }
        let digest = try #require(Digest(of: [1]))
        bench.exchange.question.identity = Identity(Caller(name: "c", index: 0, priority: priority), by: .key(digest))
        bench.receiveHead()
        #expect(bench.sink.answers.first?.status ?? 0 == status)
        if status != 0 {
            #expect(bench.receive("{") == .unwanted, "its body is not asked for")
        }
    }
}
