import Synchronization

@testable import GatewaySandbox

/// Asks stand-ins without a transport, with a clock that only moves when it is told to.
final class SandboxProbe: Sendable {
    let sandbox: VendorSandbox
    private let clock: ProbeClock

    /// 2025-12-09T15:45:00Z: when COR's documented update happened.
    static let documentedMoment = 1_765_295_100.0

    init(_ change: (inout SandboxOptions) -> Void = { _ in }) {
        let clock = ProbeClock(SandboxProbe.documentedMoment)
        var options = SandboxOptions(clock: { clock.now })
        change(&options)
        self.clock = clock
        self.sandbox = VendorSandbox(options)
    }

    func advance(seconds: Double) {
        self.clock.advance(seconds)
    }

    struct Answer {
        let response: SandboxResponse
        var status: Int { self.response.status }
        /// Nil when the body is no JSON document.
        var json: SandboxJSON? { try? SandboxJSON(reading: self.response.body) }
        var text: String { String(decoding: self.response.body, as: UTF8.self) }
        func header(_ name: String) -> String? { self.response.headers.first(name) }
    }

    /// - Parameter token: nil sends no `Authorization`.
    func ask(
        _ method: String, _ path: String, _ body: String = "", token: String?, headers: [SandboxHeader] = []
    ) -> Answer {
        var all = headers
        if let token { all.append(SandboxHeader("authorization", "Bearer \(token)")) }
        if !body.isEmpty, all.first("content-type") == nil {
            all.append(SandboxHeader("content-type", "application/json"))
        }
        return Answer(
            response: self.sandbox.answer(
                SandboxRequest(method: method, path: path, headers: all, body: Array(body.utf8))))
    }

    func cor(_ method: String, _ id: String, _ body: String) -> Answer {
        self.ask(method, "/v2/integrations/products" + (id.isEmpty ? "" : "/\(id)"), body, token: "sandbox-cor-token")
    }

    func elasticPath(_ method: String, _ id: String, _ body: String = "") -> Answer {
        let isCollection = id.isEmpty || id.hasPrefix("?")
        return self.ask(method, "/pcm/products" + (isCollection ? id : "/\(id)"), body, token: "sandbox-ep-token")
    }

    func softwareOne(
        _ method: String, _ id: String, _ body: String = "", headers: [SandboxHeader] = []
    ) -> Answer {
        self.ask(
            method, "/public/v1/catalog/products/\(id)", body,
            token: "idt:TKN-0000-0001:sandbox-softwareone-token", headers: headers)
    }

    func catalogue(_ method: String, _ id: String, _ body: String = "", headers: [SandboxHeader] = []) -> Answer {
        self.ask(
            method, "/catalogue/products" + (id.isEmpty ? "" : "/\(id)"), body, token: "sandbox-catalogue-token",
            headers: headers)
    }

    func control(_ method: String, _ path: String, _ body: String = "") -> Answer {
        self.ask(method, "/__sandbox/\(path)", body, token: nil)
    }
}

/// Time as a test has it.
private final class ProbeClock: Sendable {
    private let seconds: Mutex<Double>

    init(_ seconds: Double) {
        self.seconds = Mutex(seconds)
    }

    var now: Double { self.seconds.withLock { $0 } }

    func advance(_ seconds: Double) {
        self.seconds.withLock { $0 += seconds }
    }
}
