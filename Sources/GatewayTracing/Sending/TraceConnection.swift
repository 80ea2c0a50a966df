import GatewayTLS
import Glibc
import NIOCore

/// One request to a collector over a connection of its own: HTTP/1.1 on a blocking socket, with TLS where the endpoint
/// has it. Blocks, but never beyond a deadline; a name that has to be looked up may take longer. One thread.
final class TraceConnection {
    enum Failure: Error, Equatable, CustomStringConvertible {
        case timeout
        case notHTTP
        case tls(TLSError)
        /// In the system's words.
        case system(String)

        var description: String {
            switch self {
            case .timeout: "timed out"
            case .notHTTP: "it does not speak HTTP/1.1"
            case .tls(let error): "\(error)"
            case .system(let reason): reason
            }
        }
    }

    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant
    private let tls: TLSConnection?

    /// Of an answer: a few bytes, or a sentence why not.
    private static let answerBytesMax = 64 << 10
    private static let readBytes = 16 << 10

    /// Sends a request and reads the answer, whole.
    static func exchange(
        _ request: [UInt8], with endpoint: TraceEndpoint, within time: Duration
    ) throws(Failure) -> TraceAnswer {
        let connection = try TraceConnection(endpoint, deadline: .now + time)
        try connection.send(request)
        guard let answer = TraceAnswer(try connection.receiveAll()) else { throw .notHTTP }
        return answer
    }

    private init(_ endpoint: TraceEndpoint, deadline: ContinuousClock.Instant) throws(Failure) {
        let descriptor = try Self.connected(endpoint, deadline)
        var tls: TLSConnection?
        if let context = endpoint.tls {
            do throws(TLSError) {
                tls = try TLSConnection(context: context, serverName: endpoint.host)
            } catch {
                close(descriptor)
                throw .tls(error)
            }
        }
        self.descriptor = descriptor
        self.deadline = deadline
        self.tls = tls
        if let tls { try self.handshake(tls) }
    }

    deinit { close(self.descriptor) }

    // MARK: Plain or encrypted

    private func handshake(_ tls: TLSConnection) throws(Failure) {
        while true {
            let result = tls.handshake()
            try self.flush(tls)
            switch result {
            case .complete: return
            case .needsInput: try self.fill(tls)
            case .closedByPeer: throw .system("it closed the connection during the TLS handshake")
            case .failed(let error): throw .tls(error)
            }
        }
    }

    private func send(_ bytes: [UInt8]) throws(Failure) {
        guard let tls else { return try self.write(bytes) }
        guard case .complete = bytes.withUnsafeBytes({ tls.write($0) }) else {
            throw .system("the TLS connection took nothing")
        }
        try self.flush(tls)
    }

    /// Until the peer closes, or has said more than is looked at.
    private func receiveAll() throws(Failure) -> [UInt8] {
        var received: [UInt8] = []
        while received.count < Self.answerBytesMax {
            guard let tls else {
                let part = try self.read()
                if part.isEmpty { break }
                received += part
                continue
            }
            var buffer = ByteBuffer()
            let result = tls.read(into: &buffer, maximum: Self.readBytes)
            received += buffer.readableBytesView
            switch result {
            case .complete: continue
            case .closedByPeer, .failed: return received
            case .needsInput:
                let part = try self.read()
                if part.isEmpty { return received }
                tls.receive(ByteBuffer(bytes: part))
            }
        }
        return received
    }

    private func flush(_ tls: TLSConnection) throws(Failure) {
        while let output = tls.takeOutput() { try self.write(Array(output.readableBytesView)) }
    }

    private func fill(_ tls: TLSConnection) throws(Failure) {
        let part = try self.read()
        guard !part.isEmpty else { throw .system("it closed the connection") }
        tls.receive(ByteBuffer(bytes: part))
    }

    // MARK: The socket

    private static func connected(
        _ endpoint: TraceEndpoint, _ deadline: ContinuousClock.Instant
    ) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
        guard code == 0 else { throw .system(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var failure = Failure.system("\(endpoint.host) has no address")
        var next = list
        while let address = next?.pointee {
            do throws(Failure) {
                return try self.connected(to: address, deadline)
            } catch {
                failure = error
            }
            next = address.ai_next
        }
        throw failure
    }

    private static func connected(
        to address: addrinfo, _ deadline: ContinuousClock.Instant
    ) throws(Failure) -> Int32 {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, address.ai_socktype | flags, 0)
        guard descriptor >= 0 else { throw self.lastError() }
        do throws(Failure) {
            if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw self.lastError() }
                try self.wait(descriptor, for: Int16(POLLOUT), deadline)
                var code: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
                guard code == 0 else { throw Failure.system(String(cString: strerror(code))) }
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private func write(_ bytes: [UInt8]) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                offset += count
            } else if errno == EAGAIN {
                try Self.wait(self.descriptor, for: Int16(POLLOUT), self.deadline)
            } else if errno != EINTR {
                throw Self.lastError()
            }
        }
    }

    /// Empty at the end.
    private func read() throws(Failure) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: Self.readBytes)
        while true {
            let count = chunk.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(chunk.prefix(count)) }
            if errno == EAGAIN {
                try Self.wait(self.descriptor, for: Int16(POLLIN), self.deadline)
            } else if errno != EINTR {
                throw Self.lastError()
            }
        }
    }

    private static func wait(
        _ descriptor: Int32, for events: Int16, _ deadline: ContinuousClock.Instant
    ) throws(Failure) {
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw .timeout }
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let count = poll(&entry, 1, Int32(clamping: milliseconds + 1))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw self.lastError() }
        }
    }

    private static func lastError() -> Failure { .system(String(cString: strerror(errno))) }
}
