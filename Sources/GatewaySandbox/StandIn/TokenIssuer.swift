/// Issues bearer tokens that expire, and knows them again.
struct TokenIssuer: Sendable {
    /// A token as it was issued.
    struct Issued: Sendable {
        let accessToken: String
        let refreshToken: String
        /// Seconds since 1970.
        let expires: Double
    }

    private let prefix: String
    private let lifetimeSeconds: Double
    private let countMax: Int
    /// Oldest first. All have the same lifetime, so this is also the order in which they expire.
    private var live: [Issued] = []
    private var refreshTokens: Set<String> = []
    private(set) var issuedCount = 0

    init(prefix: String, lifetimeSeconds: Double, countMax: Int) {
        self.prefix = prefix
        self.lifetimeSeconds = lifetimeSeconds
        self.countMax = countMax
    }

    /// Tokens are random, not seeded: one from before a restart must not be good after it.
    mutating func issue(now: Double) -> Issued {
        self.live.removeAll { $0.expires <= now }
        if self.live.count >= self.countMax {
            self.refreshTokens.remove(self.live.removeFirst().refreshToken)
        }
        if self.refreshTokens.count >= self.countMax { self.refreshTokens.removeAll() }
        let issued = Issued(
            accessToken: self.prefix + TokenIssuer.randomText(), refreshToken: self.prefix + TokenIssuer.randomText(),
            expires: now + self.lifetimeSeconds)
        self.live.append(issued)
        self.refreshTokens.insert(issued.refreshToken)
        self.issuedCount += 1
        return issued
    }

    func isLive(_ token: String, now: Double) -> Bool {
        // The newest is nearly always the one in use.
        self.live.last { $0.accessToken == token }.map { $0.expires > now } ?? false
    }

    /// A refresh token is good once.
    mutating func takeRefreshToken(_ token: String) -> Bool {
        self.refreshTokens.remove(token) != nil
    }

    mutating func expireAll() {
        self.live.removeAll()
    }

    private static func randomText() -> String {
        let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        return String((0..<32).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }
}
