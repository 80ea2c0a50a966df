import GatewayIdentity
import GatewayJSON
import GatewayTLS
import GatewayTranslation
import NIOEmbedded
import Testing

@testable import GatewayMetrics
@testable import GatewayProxy

@Suite("Who asks")
struct CallerIdentificationTests {
    private static let key = "a-key-that-is-long-enough-for-a-test"

    /// Callers by the name in the certificate that is given, and by a key.
    private static func identification(allowsAnonymous: Bool = false) throws -> CallerIdentification {
        let (mtls, keyed) = (Caller(name: "mtls", index: 0), Caller(name: "keyed", index: 1))
        let directory = CallerDirectory(
            callers: [mtls, keyed], allowsAnonymous: allowsAnonymous, byURI: [:], byDNSName: ["localhost": mtls],
            keys: [(try #require(Digest(of: Array(Self.key.utf8))), keyed)], issuers: [])
        let loop = EmbeddedEventLoop()
        return CallerIdentification(
            directory: directory,
            environment: IdentificationEnvironment(
                eventLoop: loop, deadlines: Deadlines(eventLoop: loop, clock: LoopClock()),
                metrics: MetricsRegistry(values: .gateway).makeWorker().shard, fetch: { _ in }))
    }

    /// The name of whoever it is; nil for a refusal.
    private static func name(_ finding: CallerIdentification.Finding?) -> String? {
        switch finding {
        case .known(let identity): identity.caller.name
        case .anonymous: "anonymous"
        case .refused, nil: nil
        }
    }

    @Test("a connection outlives its certificate, whose name it then has no more", arguments: [true, false])
    func certificateEnds(allowsAnonymous: Bool) throws {
        let identification = try Self.identification(allowsAnonymous: allowsAnonymous)
        let made = try DevelopmentCertificate(days: 1)
        let certificate = try #require(PeerCertificate(pem: made.certificate))
        // One for the whole connection.
        let shown = ShownCertificate(certificate)
        let end = certificate.notAfterEpochSeconds
        func ask(_ now: Int, _ credentials: ShownCredentials = ShownCredentials()) -> CallerIdentification.Finding? {
            identification.identify(credentials, certificate: shown, nowEpochSeconds: now) { { _ in } }
        }
        #expect(Self.name(ask(end - 3600)) == "mtls")
        #expect(Self.name(ask(end)) == "mtls", "the last second belongs to it")
        for now in [end + 1, end + 2, end + 86_400] {
            guard case .refused(let problem, _) = ask(now) else {
                Issue.record("taken")
                continue
            }
            #expect(problem.code == .unauthenticated)
            #expect(problem.detail.contains("expired"))
        }
        // What else proves somebody counts on its own.
        Array(Self.key.utf8).withUnsafeBufferPointer { key in
            var credentials = ShownCredentials()
            credentials.take(apiKey: key)
            #expect(Self.name(ask(end + 1, credentials)) == "keyed")
        }
    }
}
