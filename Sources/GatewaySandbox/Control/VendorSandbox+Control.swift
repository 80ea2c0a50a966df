/// The control API: for tests, the demo and newcomers, on the same listener as the vendors.
extension VendorSandbox {
    func answerControl(_ request: SandboxRequest, _ target: RequestTarget) -> SandboxResponse {
        let answer = self.controlAnswer(request, target)
        guard case .json(let json, _) = answer.body else { return answer.response() }
        return SandboxResponse(status: answer.status, headers: answer.headers, body: json.written(.indented))
    }

    private func controlAnswer(_ request: SandboxRequest, _ target: RequestTarget) -> VendorAnswer {
        let body: SandboxJSON
        if request.body.isEmpty {
            body = [:]
        } else {
            do {
                body = try SandboxJSON(reading: request.body)
            } catch {
                return Self.mistake("the body is not JSON. \(error.reason)")
            }
        }
        var vendor: SandboxVendor?
        if let name = target.query("vendor") {
            vendor = SandboxVendor(rawValue: name)
            if vendor == nil {
                let names = SandboxVendor.allCases.map(\.rawValue).joined(separator: ", ")
                return Self.mistake("vendor: expected one of \(names)")
            }
        }
        let path = target.segments.dropFirst().joined(separator: "/")
        switch (request.method, path) {
        case ("GET", "exchanges"):
            let count = target.query("last").flatMap { Int($0) } ?? 20
            let exchanges = self.recorder.withLock { $0.last(count, of: vendor) }
            return VendorAnswer(status: 200, json: ["exchanges": .array(exchanges.map { $0.document() })])
        case ("GET", "stats"): return VendorAnswer(status: 200, json: self.statistics())
        case ("GET", "products"): return VendorAnswer(status: 200, json: self.products(of: vendor))
        case ("POST", "reset"):
            self.reset()
            return VendorAnswer(status: 200, json: ["reset": true])
        case ("POST", "tokens/expire"):
            self.expireTokens(of: vendor)
            return VendorAnswer(status: 200, json: ["expired": true])
        case ("POST", "faults"): return self.planFault(body)
        case ("GET", "faults"):
            let faults = self.control.withLock { $0.faults }
            return VendorAnswer(
                status: 200,
                json: [
                    "faults": .array(
                        faults.map { ["remaining": SandboxJSON($0.remaining), "planned": $0.description] })
                ])
        case ("DELETE", "faults"):
            self.control.withLock { $0.removeFaults() }
            return VendorAnswer(status: 200, json: ["faults": []])
        case ("GET", "behaviour"):
            return VendorAnswer(status: 200, json: self.control.withLock { $0.behaviour }.document())
        case ("POST", "behaviour"): return self.changeBehaviour(body)
        default:
            return VendorAnswer(
                status: 404, json: ["error": "unknown", "control": SandboxJSON(Self.controlPaths)])
        }
    }

    static let controlPaths = [
        "GET /__sandbox/exchanges?vendor=cor&last=20", "GET /__sandbox/stats", "GET /__sandbox/products?vendor=cor",
        "POST /__sandbox/reset", "POST /__sandbox/tokens/expire?vendor=cor", "GET /__sandbox/faults",
        "POST /__sandbox/faults", "DELETE /__sandbox/faults", "GET /__sandbox/behaviour",
        "POST /__sandbox/behaviour",
    ]

    private static func mistake(_ reason: String) -> VendorAnswer {
        VendorAnswer(status: 400, json: ["error": .string(reason)])
    }

    private func planFault(_ body: SandboxJSON) -> VendorAnswer {
        do {
            let fault = try PlannedFault(body)
            guard self.control.withLock({ $0.plan(fault) }) else { return Self.mistake("too many faults wait already") }
            return VendorAnswer(status: 200, json: ["planned": body])
        } catch {
            return Self.mistake(error.reason)
        }
    }

    private func changeBehaviour(_ body: SandboxJSON) -> VendorAnswer {
        let changed = self.control.withLock { control -> Result<SandboxBehaviour, SandboxBehaviour.Mistake> in
            var behaviour = control.behaviour
            do throws(SandboxBehaviour.Mistake) {
                try behaviour.change(body)
            } catch {
                return .failure(error)
            }
            control.behaviour = behaviour
            return .success(behaviour)
        }
        switch changed {
        case .success(let behaviour): return VendorAnswer(status: 200, json: behaviour.document())
        case .failure(let mistake): return Self.mistake(mistake.reason)
        }
    }

    private func products(of vendor: SandboxVendor?) -> SandboxJSON {
        let vendors = vendor.map { [$0] } ?? SandboxVendor.allCases
        return .object(
            SandboxObject(
                vendors.map {
                    SandboxObject.Member(name: $0.rawValue, value: .array(self.heldProducts(of: $0)))
                }))
    }

    private func statistics() -> SandboxJSON {
        let counts = self.recorder.withLock { $0.counts }
        let vendors = SandboxVendor.allCases.map { vendor -> SandboxObject.Member in
            let count = counts[vendor] ?? ExchangeRecorder.Counts()
            let byStatus = count.byStatus.sorted { $0.key < $1.key }.map {
                SandboxObject.Member(name: String($0.key), value: SandboxJSON($0.value))
            }
            return SandboxObject.Member(
                name: vendor.rawValue,
                value: [
                    "requests": SandboxJSON(count.requests), "tokenRequests": SandboxJSON(count.tokenRequests),
                    "tokensIssued": SandboxJSON(self.tokensIssued(by: vendor)),
                    "faults": SandboxJSON(count.faults), "unanswered": SandboxJSON(count.unanswered),
                    "byStatus": .object(SandboxObject(byStatus)),
                ])
        }
        return [
            "connections": self.connections.withLock { $0.document() },
            "vendors": .object(SandboxObject(vendors)),
        ]
    }
}
