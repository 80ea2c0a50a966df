import GatewayConfiguration
import Glibc

/// One `GET` over HTTP/1.1 on a plain socket, with one deadline for all of it.
///
/// A probe runs every few seconds in every container: it starts no threads and no event loop. Only a
/// name that has to be looked up may take longer than the deadline; addresses need no look-up.
enum HealthProbe {
    struct Answer: Equatable {
        let status: Int
        /// Of the body, for the message.
        let firstLine: String
    }

    enum Failure: Error, Equatable, CustomStringConvertible {
        case timeout
        case notHTTP
        /// In the system's words.
        case system(reason: String)

        var description: String {
            switch self {
            case .timeout: "timed out"
            case .notHTTP: "it does not speak HTTP/1.1"
            case .system(let reason): reason
            }
        }
    }

    /// The answer of `/readyz?verbose` lists every target in a line.
    private static let answerBytesMax = 64 << 10

    static func ask(_ url: HTTPURL, timeoutMilliseconds: Int32) -> Result<Answer, Failure> {
        do throws(Failure) {
            let deadline = Deadline(milliseconds: timeoutMilliseconds)
            let socket = try ConnectedSocket(host: url.host, port: url.port, deadline: deadline)
            let request = """
                GET \(url.path) HTTP/1.1\r\nhost: \(url.authority)\r\nconnection: close\r\n\
                user-agent: product-gateway-healthcheck\r\n\r\n
                """
            try socket.send(Array(request.utf8), deadline: deadline)
            let bytes = try socket.receiveAll(bytesMax: self.answerBytesMax, deadline: deadline)
            guard let answer = self.parse(bytes) else { throw .notHTTP }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    /// Status and first line of an answer (RFC 9112 §4); nil where it is none.
    static func parse(_ bytes: [UInt8]) -> Answer? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/1."), let status = Int(text.dropFirst(9).prefix(3)),
            text.dropFirst(8).first == " "
        else { return nil }
        let body = text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return Answer(status: status, firstLine: String(body.prefix { !$0.isNewline }.prefix(200)))
    }
}

/// A moment on the clock that never goes back.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(milliseconds: Int32) {
        self.end = ContinuousClock.now + .milliseconds(milliseconds)
    }

    /// For `poll`; 0 when it has passed.
    var remainingMilliseconds: Int32 {
        let left = (self.end - ContinuousClock.now).wholeMilliseconds
        return Int32(clamping: max(0, left))
    }
}

/// A TCP connection that is closed with its value. Never blocks beyond a deadline.
private struct ConnectedSocket: ~Copyable {
    private let descriptor: Int32

    /// Tries each address of the host in turn.
    init(host: String, port: Int, deadline: Deadline) throws(HealthProbe.Failure) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw .system(reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }

        var failure = HealthProbe.Failure.system(reason: "\(host) has no address")
        var next = list
        while let address = next?.pointee {
            switch Self.connect(address, deadline) {
            case .success(let descriptor):
                self.descriptor = descriptor
                return
            case .failure(let reason):
                failure = reason
            }
            next = address.ai_next
        }
        throw failure
    }

    deinit { close(self.descriptor) }

    private static func connect(
        _ address: addrinfo, _ deadline: Deadline
    ) -> Result<Int32, HealthProbe.Failure> {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, address.ai_socktype | flags, 0)
        guard descriptor >= 0 else { return .failure(Self.lastError()) }
        do throws(HealthProbe.Failure) {
            if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw Self.lastError() }
                try Self.wait(descriptor, for: Int16(POLLOUT), deadline)
                var code: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
                guard code == 0 else { throw .system(reason: String(cString: strerror(code))) }
            }
            return .success(descriptor)
        } catch {
            close(descriptor)
            return .failure(error)
        }
    }

    func send(_ bytes: [UInt8], deadline: Deadline) throws(HealthProbe.Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                try Self.wait(self.descriptor, for: Int16(POLLOUT), deadline)
            } else if errno != EINTR {
                throw Self.lastError()
            }
        }
    }

    /// Everything until the peer closes, or as much as is looked at.
    func receiveAll(bytesMax: Int, deadline: Deadline) throws(HealthProbe.Failure) -> [UInt8] {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while received.count < bytesMax {
            let count = chunk.withUnsafeMutableBytes {
                recv(self.descriptor, $0.baseAddress, $0.count, 0)
            }
            if count == 0 { break }
            if count > 0 {
                received.append(contentsOf: chunk[..<count])
            } else if errno == EAGAIN {
                try Self.wait(self.descriptor, for: Int16(POLLIN), deadline)
            } else if errno != EINTR {
                throw Self.lastError()
            }
        }
        return received
    }

    private static func wait(
        _ descriptor: Int32, for events: Int16, _ deadline: Deadline
    ) throws(HealthProbe.Failure) {
        while true {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let remaining = deadline.remainingMilliseconds
            guard remaining > 0 else { throw .timeout }
            let count = poll(&entry, 1, remaining)
            if count > 0 { return }
            if count == 0 { throw .timeout }
            if errno != EINTR { throw Self.lastError() }
        }
    }

    private static func lastError() -> HealthProbe.Failure {
        .system(reason: String(cString: strerror(errno)))
    }
}
