import GatewayIdentity

/// The tokens that one worker has verified lately, by their SHA-256, so that a signature is verified once.
///
/// Two halves: when the newer one is full, the older one goes. So the oldest are forgotten first, nothing is kept in
/// order, and no token of a flood lives longer than those in use. Confined to its event loop.
struct TokenCache {
    struct Entry {
        let identity: Identity
        /// Seconds since 1970: it does not count from then on.
        let goodUntilEpochSeconds: Int
        /// The only certificate with which it counts; nil for any and none.
        let certificate: Digest?
    }

    /// Together 1,024: more callers than most gateways have, in 200 KiB.
    private static let halfMax = 512
    /// A token that its issuer has taken back counts no longer than that.
    static let keptSecondsMax = 300

    private var newer: [Digest: Entry] = [:]
    private var older: [Digest: Entry] = [:]

    var count: Int { self.newer.count + self.older.count }

    /// What is known of a token that is good now and with this certificate.
    mutating func find(_ digest: Digest, nowEpochSeconds now: Int, certificate: Digest?) -> Entry? {
        guard let entry = self.newer[digest] ?? self.olderEntry(digest) else { return nil }
        guard now < entry.goodUntilEpochSeconds else {
            self.newer[digest] = nil
            return nil
        }
        return entry.certificate == nil || entry.certificate == certificate ? entry : nil
    }

    private mutating func olderEntry(_ digest: Digest) -> Entry? {
        guard !self.older.isEmpty, let entry = self.older.removeValue(forKey: digest) else { return nil }
        self.keep(digest, entry)
        return entry
    }

    mutating func keep(_ digest: Digest, _ entry: Entry) {
        if self.newer.count >= Self.halfMax {
            self.older = self.newer
            self.newer = [:]
        }
        self.newer[digest] = entry
    }

    mutating func removeAll() {
        self.newer = [:]
        self.older = [:]
    }
}
