import Dispatch
import Glibc
import NIOCore
import Synchronization

/// Looks names up, off the event loops: `getaddrinfo` blocks for as long as the system's resolver likes.
///
/// A name is looked up once at a time in the whole process, and whoever asks for it meanwhile shares the result. Each
/// lookup has a thread of Dispatch's to itself, so that a name server that keeps silent holds up nobody who asks for
/// another name; there are never more than there are names in the configuration. (NIO's own resolver has one queue for
/// each event loop, where one dead name makes all others wait.) Any thread.
final class NameLookup: Sendable {
    /// The name has no addresses, as far as the system knows.
    struct Failure: Error, Equatable {
        let reason: String
    }

    typealias Outcome = Result<[SocketAddress], Failure>
    typealias Waiter = @Sendable (Outcome) -> Void

    /// The one of the process.
    static let system = NameLookup(resolve: NameLookup.ask)

    private let resolve: @Sendable (String) -> Outcome
    private let run: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let waiting = Mutex<[String: [Waiter]]>([:])

    /// - Parameters:
    ///   - resolve: may block.
    ///   - run: runs a lookup, on a thread of its own unless a test wants it at once.
    init(
        resolve: @escaping @Sendable (String) -> Outcome,
        run: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = {
            DispatchQueue.global(qos: .utility).async(execute: $0)
        }
    ) {
        self.resolve = resolve
        self.run = run
    }

    /// - Parameter waiter: told the addresses, without a port and in the system's order (RFC 6724), on any thread.
    func find(_ name: String, waiter: @escaping Waiter) {
        let isFirst = self.waiting.withLock { waiting in
            waiting[name, default: []].append(waiter)
            return waiting[name]?.count == 1
        }
        guard isFirst else { return }
        self.run {
            let outcome = self.resolve(name)
            let waiters = self.waiting.withLock { $0.removeValue(forKey: name) ?? [] }
            for waiter in waiters { waiter(outcome) }
        }
    }

    private static func ask(_ name: String) -> Outcome {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &first)
        guard code == 0 else { return .failure(Failure(reason: String(cString: gai_strerror(code)))) }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let info = next?.pointee {
            next = info.ai_next
            guard let address = info.ai_addr else { continue }
            switch info.ai_family {
            case AF_INET:
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    addresses.append(SocketAddress($0.pointee))
                }
            case AF_INET6:
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    addresses.append(SocketAddress($0.pointee))
                }
            default: break
            }
        }
        return addresses.isEmpty ? .failure(Failure(reason: "it has no address")) : .success(addresses)
    }
}
