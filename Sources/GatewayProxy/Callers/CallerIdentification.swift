import GatewayIdentity
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
    func identify(
        _ shown: ShownCredentials, certificate: ShownCertificate?, makeCompletion: () -> Completion
    ) -> Finding? {
        if shown.areNone {
            if let identity = certificate?.identity(in: self.directory) { return .known(identity) }
            if certificate == nil, self.directory.allowsAnonymous { return .anonymous }
            return self.refuse(
                certificate == nil
                    ? "The request proves nothing of who sends it: no key, no token, no client certificate."
                    : "The client certificate is none of a caller's.", error: nil)
        }
        guard !shown.areSeveral else {
            return self.refuse("The request has two proofs of who sends it; send one.", error: .invalidRequest)
        }
        if let key = shown.apiKey { return self.identify(key: key) }
        guard let bearer = shown.bearer, !bearer.isEmpty else {
            return self.refuse("The authorization is none that is taken here: send Bearer.", error: .invalidRequest)
        }
        if self.directory.issuers.isEmpty || !bearer.contains(UInt8(ascii: ".")) { return self.identify(key: bearer) }
        return self.identify(token: bearer, certificate: certificate?.certificate.digest, makeCompletion)
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
        token text: UnsafeBufferPointer<UInt8>, certificate: Digest?, _ makeCompletion: () -> Completion
    ) -> Finding? {
        guard text.count <= CompactToken.bytesMax,
            let digest = self.environment.digester.digest(UnsafeRawBufferPointer(text))
        else { return self.refuse(.tooLong) }
        let now = self.environment.clock.epochSeconds
        let epoch = KeySetSource.epoch
        if epoch != self.keyEpoch {
            self.cache.removeAll()
            self.keyEpoch = epoch
        }
        if let entry = self.cache.find(digest, nowEpochSeconds: now, certificate: certificate) {
            self.environment.metrics.add(to: .callerTokens, CountedToken.known.rawValue)
            return .known(entry.identity)
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
        guard let keys = asked.keys else { return self.wait(for: source, check, keyID: nil, makeCompletion) }
        guard let finding = self.verify(check, keys) else {
            return self.wait(for: source, check, keyID: token.keyID ?? "", makeCompletion)
        }
        return finding
    }

    /// Nil where the keys do not have the one that the token names.
    private func verify(_ check: TokenCheck, _ keys: KeySet) -> Finding? {
        let now = self.environment.clock.epochSeconds
        do throws(TokenRefusal) {
            let verified = try check.token.verify(keys, nowEpochSeconds: now, certificate: check.certificate)
            guard let identity = self.directory.identity(of: verified) else {
                self.environment.metrics.add(to: .callerTokens, CountedToken.refused.rawValue)
                return self.refuse("The token is good, but is none of a caller's.", error: .invalidToken)
            }
            self.environment.metrics.add(to: .callerTokens, CountedToken.verified.rawValue)
            self.cache.keep(
                check.digest,
                TokenCache.Entry(
                    identity: identity,
                    goodUntilEpochSeconds: min(verified.goodUntilEpochSeconds, now + TokenCache.keptSecondsMax),
                    certificate: verified.certificate))
            return .known(identity)
        } catch {
            return error == .unknownKey ? nil : self.refuse(error)
        }
    }

    // MARK: Waiting for keys

    /// - Parameter keyID: the key that the set does not have; nil where there is no set.
    private func wait(
        for source: KeySetSource, _ check: TokenCheck, keyID: String?, _ makeCompletion: () -> Completion
    ) -> Finding? {
        var waiting: AwaitedKeys?
        let decision = source.wait(forKey: keyID, now: self.environment.clock.now()) {
            let awaited = AwaitedKeys(environment: self.environment, completion: makeCompletion()) { keys in
                guard let keys else { return self.unavailable(source) }
                if let finding = self.verify(check, keys) { return finding }
                source.refuse(key: check.token.keyID ?? "", now: self.environment.clock.now())
                return self.refuse(.unknownKey)
            }
            waiting = awaited
            return awaited.waiter
        }
        switch decision {
        case .refuse: return keyID == nil ? self.unavailable(source) : self.refuse(.unknownKey)
        case .wait: break
        case .fetchAndWait: self.environment.fetch(source)
        }
        waiting?.start(source: source)
        return nil
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
