internal import COpenSSL
import Synchronization

/// The keys of a server's session tickets, which change while the process runs.
///
/// OpenSSL by itself makes one key for each context and keeps it. Whoever got hold of that could read every TLS 1.2
/// connection that was ever resumable, back to the start: the ticket goes over the wire in the clear and holds the
/// session's secret. (Over TLS 1.3 such a key would not do: a resumed handshake agrees on new secrets by
/// Diffie-Hellman, and early data is not taken. It would let its owner pose as the server, though.) So a key seals
/// tickets for as long as a ticket lives, opens them for as long again, and is then overwritten; nobody who could
/// resume is sent away by that.
///
/// Keys change with the handshake that finds them too old, as there is nothing to seal or open before: a server without
/// callers keeps its last ones. They belong to one context, which a reload leaves in force while the certificate and
/// its key stay what they were. Another certificate begins anew, because whoever resumes is not shown it: an operator
/// who replaces one wants callers to see the new one from then on. So does a restart, and instances do not share keys.
/// Any thread; the lock is held for a few instructions in a handshake.
final class TicketKeys: Sendable {
    /// How long a session may be resumed, in seconds: OpenSSL's own choice, said here because the keys go by it. RFC
    /// 8446 section 4.6.1 allows a week.
    static let ticketLifetime: UInt64 = 2 * 3600

    private struct State {
        var current: TicketKey?
        var previous: TicketKey?
    }

    private let state = Mutex(State())
    private let clock: @Sendable () -> UInt64

    /// - Parameter clock: seconds that never go back, from any fixed start.
    init(clock: @escaping @Sendable () -> UInt64) {
        self.clock = clock
    }

    /// The key to seal a ticket with; nil when OpenSSL has no random numbers.
    func current() -> TicketKey? {
        let now = self.clock()
        return self.state.withLock { state in
            Self.renew(&state, now: now)
            if state.current == nil { state.current = TicketKey(birth: now) }
            return state.current
        }
    }

    /// The key that a ticket names, and whether it is the one that seals; nil for a ticket of anybody else's, or of one
    /// that has ended.
    func key(named name: UnsafeRawBufferPointer) -> (key: TicketKey, isCurrent: Bool)? {
        let now = self.clock()
        return self.state.withLock { state in
            Self.renew(&state, now: now)
            if let key = state.current, key.isNamed(name) { return (key, true) }
            if let key = state.previous, key.isNamed(name) { return (key, false) }
            return nil
        }
    }

    private static func renew(_ state: inout State, now: UInt64) {
        func age(_ key: TicketKey) -> UInt64 { now > key.birth ? now - key.birth : 0 }
        if let current = state.current, age(current) >= self.ticketLifetime {
            state.previous = current
            state.current = nil
        }
        if let previous = state.previous, age(previous) >= 2 * self.ticketLifetime { state.previous = nil }
    }
}

/// OpenSSL makes a ticket or has been shown one. Its answers: 1 it is ready, 2 it is ready and the caller should get a
/// new ticket, 0 the ticket is not known, below 0 the handshake fails.
func onTicket(
    ssl: OpaquePointer?, name: UnsafeMutablePointer<UInt8>?, vector: UnsafeMutablePointer<UInt8>?,
    cipher: OpaquePointer?, mac: OpaquePointer?, isSealing: Int32
) -> Int32 {
    guard let ssl, let name, let vector, let cipher, let mac,
        let data = gateway_SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl))
    else { return -1 }
    let keys = Unmanaged<TicketKeys>.fromOpaque(data).takeUnretainedValue()
    guard isSealing == 0 else {
        guard let key = keys.current(), key.seal(cipher, mac, name: name, vector: vector) else { return -1 }
        return 1
    }
    guard let found = keys.key(named: UnsafeRawBufferPointer(start: name, count: TicketKey.nameLength)) else {
        return 0
    }
    guard found.key.open(cipher, mac, vector: vector) else { return -1 }
    // A ticket of TLS 1.3 is used once (RFC 8446 appendix C.4), so that the caller needs another for the next time.
    return found.isCurrent && SSL_version(ssl) < TLS1_3_VERSION ? 1 : 2
}
