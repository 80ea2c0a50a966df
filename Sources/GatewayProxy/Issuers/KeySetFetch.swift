import GatewayHTTP
import GatewayIdentity
import GatewayJSON
import GatewayTranslation

/// One look at an issuer's key set, on behalf of everybody who needs it: with the discovery document first, where that
/// says where the keys are.
///
/// Confined to its worker's event loop.
final class KeySetFetch {
    private enum Step { case discovery, keys }

    private let source: KeySetSource
    private let environment: UpstreamEnvironment
    private var step: Step = .keys

    /// As long as for a token endpoint.
    private static let timeoutNanoseconds: UInt64 = 10_000_000_000

    init(source: KeySetSource, environment: UpstreamEnvironment) {
        self.source = source
        self.environment = environment
    }

    func start() {
        switch self.source.location {
        case .configuration:
            break
        case .server(let endpoint, let path):
            self.ask(endpoint, path)
        case .discovery(let endpoint, let path):
            self.step = .discovery
            self.ask(endpoint, path)
        }
    }

    private func ask(_ endpoint: UpstreamEndpoint, _ path: [UInt8]) {
        var request = UpstreamRequest(
            content: VendorRequest(
                method: "GET", path: path, headers: [("accept", "application/json, application/jwk-set+json")], body: []
            ),
            requestID: RequestID(from: &self.environment.random))
        request.wantedHeaders = ["cache-control"]
        let attempt = Attempt(request: request, environment: self.environment, delegate: self)
        self.environment.deadlines.schedule(attempt, in: Self.timeoutNanoseconds)
        self.environment.pool(for: endpoint).submit(attempt)
    }

    private func received(_ answer: VendorAnswer) {
        guard answer.status == 200 else {
            self.fail("the server answered status \(answer.status)")
            return
        }
        switch self.step {
        case .discovery: self.discovered(answer.body)
        case .keys: self.received(keys: answer)
        }
    }

    private func discovered(_ body: [UInt8]) {
        guard body.count <= KeySet.bytesMax, let document = try? JSONDocument(parsing: body),
            let url = document.root["jwks_uri"]?.string
        else {
            self.fail("the discovery document names no jwks_uri")
            return
        }
        // Another issuer's document must not speak for this one (OpenID Connect Discovery 1.0 section 4.3).
        guard document.root["issuer"]?.exactText == self.source.issuer else {
            self.fail("the discovery document is another issuer's")
            return
        }
        guard let (endpoint, path) = self.source.makeEndpoint(url) else {
            self.fail("the discovery document's jwks_uri is no https URL")
            return
        }
        self.step = .keys
        self.ask(endpoint, path)
    }

    private func received(keys answer: VendorAnswer) {
        do throws(KeySet.Failure) {
            let keys = try KeySet(parsing: answer.body)
            let isNew = Set(self.source.current?.ids ?? []) != Set(keys.ids)
            self.source.fetched(
                keys, digest: Digest(of: answer.body),
                freshSeconds: CacheControl.maxAge(answer.header("cache-control") ?? ""),
                now: self.environment.clock.now(),
                random: Double.random(in: 0..<1, using: &self.environment.random))
            guard isNew else { return }
            self.environment.logger.info(
                "keys of issuer",
                metadata: [
                    "issuer": "\(self.source.name)", "keys": .stringConvertible(keys.count),
                    "leftOut": .stringConvertible(keys.leftOut),
                ].merging(keys.firstObjection.map { ["leftOutBecause": "\($0)"] } ?? [:]) { $1 })
        } catch {
            self.fail("\(error)")
        }
    }

    private func fail(_ reason: String) {
        self.environment.logger.warning(
            "no keys of issuer", metadata: ["issuer": "\(self.source.name)", "reason": "\(reason)"])
        self.source.fetchFailed(
            now: self.environment.clock.now(), random: Double.random(in: 0..<1, using: &self.environment.random))
    }
}

extension KeySetFetch: AttemptDelegate {
    func attempt(_: Attempt, finished result: Result<VendorAnswer, AttemptFailure>) {
        switch result {
        case .success(let answer): self.received(answer)
        case .failure(let failure): self.fail("\(failure)")
        }
    }
}
