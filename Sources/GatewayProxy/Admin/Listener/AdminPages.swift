import GatewayMetrics
import NIOCore
import NIOHTTP1

/// The paths of the admin listener. Confined to its event loop.
///
/// `/livez` says that the process serves; `/readyz` says whether it wants callers. Neither depends on a vendor.
/// `/metrics` is for Prometheus, `/status` for programs, `/` for people, and `/exchanges` for both;
/// `/workbench` is a page to try a translation on.
final class AdminPages {
    private let state: AdminState
    private let history: StatusHistory
    private let access: AdminAccess
    private let eventLoop: any EventLoop
    private let feed: ExchangeFeed
    /// Health checks are answered at once. A scrape or a status document takes milliseconds and waits for its turn.
    private let queue: TurnQueue

    init(state: AdminState, history: StatusHistory, access: AdminAccess, eventLoop: any EventLoop) {
        self.state = state
        self.access = access
        self.history = history
        self.eventLoop = eventLoop
        self.feed = ExchangeFeed(watch: state.watch, eventLoop: eventLoop)
        self.queue = TurnQueue(eventLoop: eventLoop)
    }

    /// Answers a request, now or in one of the next turns of the event loop.
    func answer(_ request: AdminRequest, whenReady: @escaping (AdminAnswer) -> Void) {
        let head = request.head
        guard self.access.admits(request) else { return whenReady(self.access.refusal) }
        if request.path.hasPrefix(Self.workbench), head.method == .POST {
            return self.answerWorkbench(request, whenReady)
        }
        guard head.method == .GET || head.method == .HEAD else {
            return whenReady(
                AdminAnswer(.methodNotAllowed, text: "only GET and HEAD\n", fields: [("allow", "GET, HEAD")]))
        }
        switch request.path {
        case "/livez":
            whenReady(AdminAnswer(.ok, text: "ok\n"))
        case "/readyz":
            whenReady(self.readiness(query: request.query))
        case "/metrics":
            let format = ExpositionFormat.negotiate(accept: head.headers["accept"].joined(separator: ","))
            self.queue.add { whenReady(self.metrics(format)) }
        case "/status":
            self.answerStatus(whenReady)
        case "/exchanges":
            whenReady(self.exchanges(head, query: request.query))
        case "/workbench":
            whenReady(self.state.workbench == nil ? .workbenchIsOff : AdminPage.workbench.answer)
        case "/workbench/start":
            self.queue.add { whenReady(self.workbenchStart()) }
        case "/":
            whenReady(AdminPage.status.answer)
        default:
            whenReady(
                AdminAnswer(
                    .notFound,
                    text: "there are /, /exchanges, /workbench, /metrics, /livez, /readyz and /status\n"))
        }
    }

    // MARK: The workbench

    private static let workbench = "/workbench/"

    private func workbenchStart() -> AdminAnswer {
        guard let targets = self.state.workbench else { return .workbenchIsOff }
        return AdminAnswer(.ok, type: "application/json", body: ByteBuffer(bytes: Workbench(targets).start()))
    }

    /// Takes milliseconds, as a scrape does, and waits for its turn.
    private func answerWorkbench(_ request: AdminRequest, _ whenReady: @escaping (AdminAnswer) -> Void) {
        guard !request.isTooLarge else {
            return whenReady(AdminAnswer(.payloadTooLarge, text: "the question is too long\n"))
        }
        // A page from elsewhere can only send what a form sends: browsers ask before they send JSON across origins, and
        // are not answered.
        let type = request.head.headers["content-type"].first?.split(separator: ";").first
        guard type == "application/json" else {
            return whenReady(AdminAnswer(.unsupportedMediaType, text: "a question is application/json\n"))
        }
        self.queue.add {
            guard let targets = self.state.workbench else { return whenReady(.workbenchIsOff) }
            let name = request.path.dropFirst(Self.workbench.count)
            switch Workbench(targets).answer(name, Array(request.body.readableBytesView)) {
            case nil:
                whenReady(AdminAnswer(.notFound, text: "there are /workbench/translate and /workbench/fold\n"))
            case .success(let json):
                whenReady(AdminAnswer(.ok, type: "application/json", body: ByteBuffer(bytes: json)))
            case .failure(let mistake):
                whenReady(AdminAnswer(.badRequest, text: mistake.sentence + "\n"))
            }
        }
    }

    // MARK: What happens

    /// To who takes HTML the page, to all others the stream that it shows.
    private func exchanges(_ head: HTTPRequestHead, query: Substring) -> AdminAnswer {
        if head.headers["accept"].contains(where: { $0.contains("text/html") }) { return AdminPage.exchanges.answer }
        let filter: ExchangeFilter
        do throws(ExchangeFilter.Mistake) {
            guard let query = AdminQuery(query) else {
                throw ExchangeFilter.Mistake(sentence: "the query is not valid percent-encoded UTF-8")
            }
            filter = try ExchangeFilter(query)
        } catch {
            return AdminAnswer(.badRequest, text: error.sentence + "\n")
        }
        var answer = AdminAnswer(
            .ok, type: "application/x-ndjson", body: ByteBuffer(), fields: [("vary", "accept")])
        guard head.method == .GET else { return answer }
        guard let stream = self.feed.stream(filter) else {
            return AdminAnswer(
                .serviceUnavailable, text: "\(ExchangeFeed.streamsMax) watch already; one of them has to end\n",
                fields: [("retry-after", "10")])
        }
        answer.stream = stream
        return answer
    }

    private func readiness(query: Substring) -> AdminAnswer {
        let readiness = self.state.readiness
        let isVerbose = query.split(separator: "&").contains { $0 == "verbose" || $0.hasPrefix("verbose=") }
        let text = isVerbose ? readiness.verboseReason : readiness.reason
        return AdminAnswer(readiness.isReady ? .ok : .serviceUnavailable, text: text + "\n")
    }

    private func metrics(_ format: ExpositionFormat) -> AdminAnswer {
        let body = self.state.snapshot().exposition(format, collected: self.state.collectedValues())
        return AdminAnswer(
            .ok, type: format.contentType, body: ByteBuffer(bytes: body), fields: [("vary", "accept")])
    }

    private func answerStatus(_ whenReady: @escaping (AdminAnswer) -> Void) {
        let failures = self.state.failures(on: self.eventLoop, within: Self.workersTimeout)
        failures.assumeIsolated().whenComplete { result in
            let report = (try? result.get()) ?? FailureReport()
            self.queue.add {
                let document = StatusDocument(state: self.state, history: self.history, report: report)
                whenReady(AdminAnswer(.ok, type: "application/json", body: ByteBuffer(bytes: document.json())))
            }
        }
    }

    /// A worker's event loop needs milliseconds for a turn. One that needs a second does not serve callers either.
    private static let workersTimeout = TimeAmount.seconds(1)
}

extension AdminAnswer {
    fileprivate static var workbenchIsOff: AdminAnswer {
        AdminAnswer(.notFound, text: "the workbench is off: $.admin.workbench\n")
    }
}
