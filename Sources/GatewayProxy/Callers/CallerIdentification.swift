import GatewayIdentity
import GatewayJSON
import GatewayMetrics
import GatewayTranslation

/// Finds out which caller sends a request, from its fields and its connection's certificate.
///
/// One for each worker: it keeps the tokens that were verified. Everything is decided at once, but for a token whose
/// key has to be fetched first. Confined to its event loop.
final class CallerIdentification {
    /// What came of it.
    enum Finding {
        case known(Identity)
        /// It proves nothing, and need not.
        case anonymous
        /// - `challenge`: for `WWW-Authenticate`; nil where the request is not answered 401.
        case refused(Problem, challenge: [UInt8]?)
    }

    /// Told what came of it, where that takes time.
    typealias Completion = (Finding) -> Void

    let directory: CallerDirectory
    private let environment: IdentificationEnvironment
    private var cache = TokenCache()
    /// The keys' state that the tokens were verified with.
    private var keyEpoch = 0

    init(directory: CallerDirectory, environment: IdentificationEnvironment) {
        self.directory = directory
        self.environment = environment
    }

    /// Nil where the finding takes time: the completion is told then, on the event loop.
    ///
    /// - Parameter now: seconds since 1970.
    func identify(
        _ shown: ShownCredentials, certificate: ShownCertificate?, nowEpochSeconds now: Int,
        makeCompletion: () -> Completion
    ) -> Finding? {
        // A connection may last longer than the certificate that it began with.
        let isOver = certificate?.isOver(nowEpochSeconds: now) == true
        if shown.areNone {
            guard let certificate else {
                guard !self.directory.allowsAnonymous else { return .anonymous }
                return self.refuse(
                    "The request proves nothing of who sends it: no key, no token, no client certificate.", error: nil)
            }
            guard !isOver else { return self.refuse("The client certificate has expired.", error: nil) }
            guard let identity = certificate.identity(in: self.directory) else {
                return self.refuse("The client certificate is none of a caller's.", error: nil)
            }
            return .known(identity)
        }
        guard !shown.areSeveral else {
            return self.refuse("The request has two proofs of who sends it; send one.", error: .invalidRequest)
        }
        if let key = shown.apiKey { return self.identify(key: key) }
        guard let bearer = shown.bearer, !bearer.isEmpty else {
            return self.refuse("The authorization is none that is taken here: send Bearer.", error: .invalidRequest)
        }
        if self.directory.issuers.isEmpty || !bearer.contains(UInt8(ascii: ".")) { return self.identify(key: bearer) }
        return self.identify(
            token: bearer, certificate: isOver ? nil : certificate?.certificate.digest, now, makeCompletion)
    }

    /// What a trusted proxy says of the caller's certificate is no certificate.
    func refuseCertificate() -> Finding {
        self.refuse("What client-cert says is no certificate (RFC 9440).", error: nil)
    }

    // MARK: Keys

    /// Our own keys have 53 characters; whoever brings keys of another make may have longer ones.
    private static let keyBytesMax = 512

    private func identify(key: UnsafeBufferPointer<UInt8>) -> Finding {
        guard key.count <= Self.keyBytesMax, let digest = self.environment.digester.digest(UnsafeRawBufferPointer(key)),
            let identity = self.directory.identity(ofKey: digest)
        else { return self.refuse("The key is nobody's.", error: .invalidToken) }
        return .known(identity)
    }

    // MARK: Tokens

    private func identify(
        token text: UnsafeBufferPointer<UInt8>, certificate: Digest?, _ now: Int, _ makeCompletion: () -> Completion
    ) -> Finding? {
        guard text.count <= CompactToken.bytesMax,
            let digest = self.environment.digester.digest(UnsafeRawBufferPointer(text))
        else { return self.refuse(.tooLong) }
        let epoch = KeySetSource.epoch
        if epoch != self.keyEpoch {
            self.cache.removeAll()
            self.keyEpoch = epoch
        }
        if let entry = self.cache.find(digest, nowEpochSeconds: now, certificate: certificate) {
            self.environment.metrics.add(to: .callerTokens, CountedToken.known.rawValue)
            return .known(entry.identity)
        }
        // A key of somebody else's make may have dots.
        if text.count <= Self.keyBytesMax, let identity = self.directory.identity(ofKey: digest) {
            return .known(identity)
        }
        let token: ReceivedToken
        do throws(TokenRefusal) {
            token = try ReceivedToken(text, issuers: self.directory.issuers)
        } catch {
            return self.refuse(error)
        }
        let source = self.directory.keySets[token.issuer]
        let asked = source.keys(now: self.environment.clock.now())
        if asked.shouldRefresh { self.environment.fetch(source) }
        let check = TokenCheck(token: token, digest: digest, certificate: certificate)
        guard let keys = asked.keys else { return self.wait(for: source, check, nil, makeCompletion) }
        switch self.verify(check, keys) {
        case .found(let finding): return finding
        case .notSignedBy(let refusal): return self.wait(for: source, check, refusal, makeCompletion)
        }
    }

    /// What came of holding a token against keys.
    private enum Verification {
        case found(Finding)
        /// None of these keys has signed it; a newer set may have the one that has.
        case notSignedBy(TokenRefusal)
    }

    private func verify(_ check: TokenCheck, _ keys: KeySet) -> Verification {
        let now = self.environment.clock.epochSeconds
        do throws(TokenRefusal) {
            let verified = try check.token.verify(keys, nowEpochSeconds: now, certificate: check.certificate)
            guard let identity = self.directory.identity(of: verified) else {
                self.environment.metrics.add(to: .callerTokens, CountedToken.refused.rawValue)
                return .found(self.refuse("The token is good, but is none of a caller's.", error: .invalidToken))
            }
            self.environment.metrics.add(to: .callerTokens, CountedToken.verified.rawValue)
            self.cache.keep(
                check.digest,
                TokenCache.Entry(
                    identity: identity,
                    goodUntilEpochSeconds: min(verified.goodUntilEpochSeconds, now + TokenCache.keptSecondsMax),
                    certificate: verified.certificate))
            return .found(.known(identity))
        } catch {
            switch error {
            case .unknownKey, .noFittingKey, .signature: return .notSignedBy(error)
            default: return .found(self.refuse(error))
            }
        }
    }

    // MARK: Waiting for keys

    /// - Parameter refusal: by the set that is there; nil where there is none.
    private func wait(
        for source: KeySetSource, _ check: TokenCheck, _ refusal: TokenRefusal?, _ makeCompletion: () -> Completion
    ) -> Finding? {
        let lack: KeySetSource.Lack =
            switch refusal {
            case nil: .keys
            case .unknownKey: check.token.keyID.map { .key($0) } ?? .signature
            default: .signature
            }
        var waiting: AwaitedKeys?
        let decision = source.wait(for: lack, now: self.environment.clock.now()) {
            let awaited = AwaitedKeys(environment: self.environment, completion: makeCompletion()) {
                self.decide(check, by: $0, of: source)
            }
            waiting = awaited
            return awaited.waiter
        }
        switch decision {
        case .refuse: return refusal.map { self.refuse($0) } ?? self.unavailable(source)
        case .wait: break
        case .fetchAndWait: self.environment.fetch(source)
        }
        waiting?.start(source: source)
        return nil
    }

    /// What becomes of a token that has waited.
    private func decide(_ check: TokenCheck, by told: KeySetSource.Told, of source: KeySetSource) -> Finding {
        guard let keys = told.keys else { return self.unavailable(source) }
        switch self.verify(check, keys) {
        case .found(let finding):
            return finding
        case .notSignedBy(let refusal):
            // Not by an old set: the issuer may have the key and be out of reach.
            if told.isFresh, refusal == .unknownKey, let key = check.token.keyID {
                source.refuse(key: key, now: self.environment.clock.now())
            }
            return self.refuse(refusal)
        }
    }

    private func unavailable(_ source: KeySetSource) -> Finding {
        self.environment.metrics.add(to: .callerTokens, CountedToken.unavailable.rawValue)
        return .refused(
            Problem(
                .identityUnavailable,
                detail: "The keys of the issuer \(source.name) are not at hand, so that its tokens cannot be checked.",
                retryAfterSeconds: 2), challenge: nil)
    }

    // MARK: Refusing

    /// The errors of RFC 6750 section 3.1.
    private enum BearerError: String {
        case invalidRequest = "invalid_request"
        case invalidToken = "invalid_token"
    }

    private func refuse(_ refusal: TokenRefusal) -> Finding {
        self.environment.metrics.add(to: .callerTokens, CountedToken.refused.rawValue)
        return self.refuse(refusal.sentence, error: .invalidToken)
    }

    private func refuse(_ detail: String, error: BearerError?) -> Finding {
        var challenge = "Bearer realm=\"product-gateway\""
        // Without a proof there is no error to tell (RFC 6750 section 3.1).
        if let error { challenge += ", error=\"\(error.rawValue)\", error_description=\"\(detail)\"" }
        return .refused(Problem(.unauthenticated, detail: detail), challenge: Array(challenge.utf8))
    }
}

/// A token that is being held against keys.
struct TokenCheck {
    let token: ReceivedToken
    let digest: Digest
    let certificate: Digest?
}
