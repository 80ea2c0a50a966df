import Synchronization

/// The four stand-ins behind one door, without a transport: a request in, an answer out.
///
/// May be called from any thread. Each stand-in has a lock of its own, so that vendors do not wait for each other;
/// bodies are read before and answers written after the lock is held.
package final class VendorSandbox: Sendable {
    let options: SandboxOptions
    let cor: Mutex<CORStandIn>
    let elasticPath: Mutex<ElasticPathStandIn>
    let softwareOne: Mutex<SoftwareOneStandIn>
    let catalogue: Mutex<CatalogueStandIn>
    let recorded: Mutex<RecordedVendors>
    let control: Mutex<SandboxControl>
    let recorder: Mutex<ExchangeRecorder>
    let connections = Mutex(ConnectionCounts())

    package init(_ options: SandboxOptions = SandboxOptions()) {
        self.options = options
        self.cor = Mutex(CORStandIn(options))
        self.elasticPath = Mutex(ElasticPathStandIn(options))
        self.softwareOne = Mutex(SoftwareOneStandIn(options))
        self.catalogue = Mutex(CatalogueStandIn(options))
        self.recorded = Mutex(RecordedVendors())
        self.control = Mutex(SandboxControl(options))
        self.recorder = Mutex(ExchangeRecorder(options.limits))
    }

    /// Answers one request, whoever it is for: a vendor, the control API, or the landing document.
    package func answer(_ request: SandboxRequest) -> SandboxResponse {
        guard let target = RequestTarget(request.path) else {
            return VendorAnswer(status: 400, json: ["error": "the path cannot be decoded"]).response()
        }
        if target.segments.first == RecordedVendors.prefix {
            let behaviour = self.control.withLock(\.behaviour)
            let call = VendorCall(request, target: target, now: self.options.clock(), behaviour: behaviour)
            let recorded = self.recorded.withLock { $0 }
            return (recorded.answer(call) ?? VendorAnswer(status: 404, json: ["message": "no such vendor"])).response()
        }
        if let vendor = VendorSandbox.vendor(of: target) { return self.answer(request, target, vendor) }
        if target.segments.first == "__sandbox" { return self.answerControl(request, target) }
        if target.segments == [""] {
            return SandboxResponse(
                status: 200, headers: [SandboxHeader("content-type", "application/json")],
                body: self.landingDocument().written(.indented))
        }
        return VendorAnswer(
            status: 404,
            json: ["error": "no vendor has this path", "path": .string(request.path), "see": "GET /"]
        ).response()
    }

    /// The vendors share one listener; their paths do not overlap.
    static func vendor(of target: RequestTarget) -> SandboxVendor? {
        switch target.segments.first {
        case "v2"?: target.segments.dropFirst().first == "integrations" ? .cor : nil
        case "v1"?:
            switch target.segments.dropFirst().first {
            case "oauth"?: .cor
            case "catalog"?: .softwareOne
            default: nil
            }
        case "public"?: .softwareOne
        case "pcm"?, "oauth"?: .elasticPath
        case "catalogue"?: .catalogue
        default: nil
        }
    }

    private static func endpoint(of target: RequestTarget) -> RecordedExchange.Endpoint {
        target.segments.prefix(2).contains("oauth") ? .token : .products
    }

    // MARK: Vendors

    private func answer(
        _ request: SandboxRequest, _ target: RequestTarget, _ vendor: SandboxVendor
    ) -> SandboxResponse {
        let endpoint = VendorSandbox.endpoint(of: target)
        let (behaviour, fault) = self.control.withLock {
            ($0.behaviour, $0.takeFault(vendor, endpoint, method: request.method))
        }
        var notes: [String] = []
        var response: SandboxResponse?
        if fault?.isProcessed ?? true {
            let call = VendorCall(request, target: target, now: self.options.clock(), behaviour: behaviour)
            let answer = self.answer(call, vendor)
            notes = answer.notes
            response = answer.response()
        }
        if let replacement = fault?.replacement {
            response = SandboxResponse(
                status: replacement.status, headers: replacement.headers, body: replacement.body,
                fault: response?.fault ?? .none)
        }
        var result = response ?? VendorAnswer(status: 503).response()
        if let fault { result.fault = result.fault.joined(with: fault.transport) }
        let exchange = RecordedExchange(
            number: 0, vendor: vendor, endpoint: endpoint, request: request, response: result, notes: notes)
        self.recorder.withLock { $0.record(exchange) }
        return result
    }

    private func answer(_ call: VendorCall, _ vendor: SandboxVendor) -> VendorAnswer {
        switch vendor {
        case .cor: self.cor.withLock { $0.answer(call) }
        case .elasticPath: self.elasticPath.withLock { $0.answer(call) }
        case .softwareOne: self.softwareOne.withLock { $0.answer(call) }
        case .catalogue: self.catalogue.withLock { $0.answer(call) }
        }
    }

    // MARK: State

    /// Everything as it was in the beginning, tokens and records included; open connections stay.
    package func reset() {
        self.cor.withLock { $0 = CORStandIn(self.options) }
        self.elasticPath.withLock { $0 = ElasticPathStandIn(self.options) }
        self.softwareOne.withLock { $0 = SoftwareOneStandIn(self.options) }
        self.catalogue.withLock { $0 = CatalogueStandIn(self.options) }
        self.recorded.withLock { $0 = RecordedVendors() }
        self.control.withLock { $0 = SandboxControl(self.options) }
        self.recorder.withLock { $0 = ExchangeRecorder(self.options.limits) }
        self.connections.withLock { $0.reset() }
    }

    /// Every token issued so far is expired from now on; of all vendors when none is named.
    package func expireTokens(of vendor: SandboxVendor? = nil) {
        if vendor == nil || vendor == .cor { self.cor.withLock { $0.expireTokens() } }
        if vendor == nil || vendor == .elasticPath { self.elasticPath.withLock { $0.expireTokens() } }
    }

    func heldProducts(of vendor: SandboxVendor) -> [SandboxJSON] {
        switch vendor {
        case .cor: self.cor.withLock { $0.heldProducts() }
        case .elasticPath: self.elasticPath.withLock { $0.heldProducts() }
        case .softwareOne: self.softwareOne.withLock { $0.heldProducts() }
        case .catalogue: self.catalogue.withLock { $0.heldProducts() }
        }
    }

    func tokensIssued(by vendor: SandboxVendor) -> Int {
        switch vendor {
        case .cor: self.cor.withLock { $0.tokensIssued }
        case .elasticPath: self.elasticPath.withLock { $0.tokensIssued }
        case .softwareOne, .catalogue: 0
        }
    }
}
