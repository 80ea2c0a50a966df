import Testing

@testable import GatewayProxy

@Suite("What a connection makes of callers that give up")
struct CallerConductTests {
    private static let address = "10.0.0.1"

    private final class Request: CallerRequest {
        var vendorsAsked = 0
        private(set) var ends = 0
        private(set) var refusals: [CallerRequestError] = []

        override var startedAt: UInt64 { self.endedAt }
        override var requestsToVendors: Int { self.vendorsAsked }
        override var isReceiving: Bool { self.ends == 0 && self.refusals.isEmpty }
        override func receiveEnd() { self.ends += 1 }
        override func refuse(_ error: CallerRequestError) { self.refusals.append(error) }
    }

    private let fixture = WorkerFixture()
    private var environment: DownstreamEnvironment { self.fixture.worker.downstream }

    /// A connection whose caller has taken so many answers.
    private func conduct(answers: Int = 0) -> CallerConduct {
        var conduct = CallerConduct(environment: self.environment)
        for _ in 0..<answers { self.finish(self.begin(&conduct), of: &conduct) }
        return conduct
    }

    /// A request that has come whole.
    private func begin(_ conduct: inout CallerConduct, vendors: Int = 1) -> Request {
        let request = Request(streamID: 1)
        request.vendorsAsked = vendors
        conduct.begin(request, address: Self.address)
        request.hasReceivedEnd = true
        request.endedAt = self.environment.clock.now()
        if !conduct.holds(request, address: Self.address) { request.receiveEnd() }
        return request
    }

    private func finish(_ request: Request, of conduct: inout CallerConduct) {
        request.isAnswered = true
        request.asksVendors = request.vendorsAsked > 0
        _ = conduct.over(request, address: Self.address)
    }

    /// Connections that send one request each, and are closed.
    private func giveUp(_ count: Int, vendors: Int = 1) {
        for _ in 0..<count {
            var conduct = self.conduct()
            let request = self.begin(&conduct, vendors: vendors)
            _ = conduct.over(request, address: Self.address)
        }
    }

    private var isSuspect: Bool {
        self.environment.suspects.isSuspect(Self.address, now: self.environment.clock.now())
    }

    @Test("connections that are closed at once make their address suspect, as resets do")
    func closed() {
        self.giveUp(200)
        #expect(!self.isSuspect)
        self.giveUp(1)
        #expect(self.isSuspect)
    }

    @Test("a stream of updates that is given up counts with its lines")
    func lines() {
        self.giveUp(2, vendors: 256)
        #expect(!self.isSuspect)
        self.giveUp(1, vendors: 256)
        #expect(self.isSuspect)
    }

    @Test("a client that has taken twice as many answers as it gives up is no attacker, nor whoever waited a second")
    func proven() {
        for _ in 0..<30 {
            var conduct = self.conduct(answers: 40)
            for _ in 0..<20 {
                let request = self.begin(&conduct)
                let isTooMuch = conduct.over(request, address: Self.address)
                #expect(!isTooMuch)
            }
        }
        var patient = self.conduct()
        for _ in 0..<300 {
            let request = self.begin(&patient)
            request.endedAt -= WorkerFixture.second
            let isTooMuch = patient.over(request, address: Self.address)
            #expect(!isTooMuch)
        }
        #expect(!self.isSuspect)
    }

    @Test("answers for which no vendor was asked, and answers that were not taken, prove nothing")
    func cheap() {
        var conduct = self.conduct()
        for _ in 0..<1_000 { self.finish(self.begin(&conduct, vendors: 0), of: &conduct) }
        #expect(conduct.rapidResets.answers == 0)
        let unread = self.begin(&conduct)
        unread.unsentBytes = 1
        self.finish(unread, of: &conduct)
        #expect(conduct.rapidResets.answers == 0 && conduct.rapidResets.resets == 1)
        let cutOff = self.begin(&conduct)
        cutOff.unsentBytes = 1
        cutOff.isCutOff = true
        self.finish(cutOff, of: &conduct)
        #expect(conduct.rapidResets.answers == 0 && conduct.rapidResets.resets == 1, "that was our doing")
    }

    @Test("from a suspect address a request goes on when its caller has stayed, and never if it has gone")
    func held() {
        self.giveUp(201)
        var conduct = self.conduct()
        let staying = self.begin(&conduct)
        let leaving = self.begin(&conduct)
        #expect(staying.ends == 0 && staying.hasReceivedEnd)
        leaving.vendorsAsked = 0
        let isTooMuch = conduct.over(leaving, address: Self.address)
        #expect(isTooMuch)
        for request in [staying, leaving] { request.endedAt -= HeldRequests.stayNanoseconds }
        conduct.held?.deadlineReached()
        #expect(staying.ends == 1 && staying.probation == .admitted)
        #expect(leaving.ends == 0 && leaving.refusals.isEmpty)
        conduct.close()

        var known = self.conduct()
        for _ in 0..<16 {
            let request = self.begin(&known)
            request.endedAt -= HeldRequests.stayNanoseconds
            known.held?.deadlineReached()
            self.finish(request, of: &known)
        }
        let next = self.begin(&known)
        #expect(next.ends == 1, "whoever has taken some answers is not held up")
    }

    @Test(
        "behind a trusted proxy each is judged by the address that it is said to come from, and the connection goes on")
    func proxied() {
        var conduct = self.conduct()
        func begin(from address: String) -> Request {
            let request = Request(streamID: 1)
            request.vendorsAsked = 1
            conduct.begin(request, address: Self.address)
            conduct.believe(address, of: request)
            request.hasReceivedEnd = true
            request.endedAt = self.environment.clock.now()
            if !conduct.holds(request, address: Self.address) { request.receiveEnd() }
            return request
        }
        // Neighbours' answers are no cover for whoever gives up.
        for _ in 0..<500 { self.finish(begin(from: "203.0.113.1"), of: &conduct) }
        for _ in 0..<201 {
            let isTooMuch = conduct.over(begin(from: "203.0.113.9"), address: Self.address)
            #expect(!isTooMuch)
        }
        #expect(!self.isSuspect, "the proxy is not")
        let neighbour = begin(from: "203.0.113.1")
        #expect(neighbour.ends == 1)
        let staying = begin(from: "203.0.113.9")
        #expect(staying.ends == 0)
        staying.endedAt -= HeldRequests.stayNanoseconds
        conduct.held?.deadlineReached()
        #expect(staying.ends == 1 && staying.probation == .admitted)
        self.finish(staying, of: &conduct)
        conduct.close()
    }

    @Test("only as many are sent on as may be in vain; the places of those that are answered are free again")
    func exhausted() {
        self.giveUp(201)
        let free = SuspectAddresses.inVainMax - 201
        var conducts: [CallerConduct] = []
        var requests: [Request] = []
        for _ in 0...free {
            var conduct = self.conduct()
            let request = self.begin(&conduct)
            request.endedAt -= HeldRequests.stayNanoseconds
            conduct.held?.deadlineReached()
            conducts.append(conduct)
            requests.append(request)
        }
        #expect(requests.count { $0.ends == 1 } == free)
        #expect(requests.last?.refusals == [.addressSuspect])
        self.finish(requests[0], of: &conducts[0])
        var conduct = self.conduct()
        let next = self.begin(&conduct)
        next.endedAt -= HeldRequests.stayNanoseconds
        conduct.held?.deadlineReached()
        #expect(next.ends == 1)
    }
}
