import Glibc

/// A TCP connection that is closed with its value. Never blocks beyond a deadline.
struct ConnectedSocket: ~Copyable {
    private let descriptor: Int32

    /// Tries each address of the host in turn.
    init(host: String, port: Int, deadline: Deadline) throws(SocketFailure) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw .system(reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }

        var failure = SocketFailure.system(reason: "\(host) has no address")
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
    ) -> Result<Int32, SocketFailure> {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, address.ai_socktype | flags, 0)
        guard descriptor >= 0 else { return .failure(Self.lastError()) }
        do throws(SocketFailure) {
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

    func send(_ bytes: [UInt8], deadline: Deadline) throws(SocketFailure) {
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

    /// Until something has come, or the peer has closed.
    func waitForBytes(_ deadline: Deadline) throws(SocketFailure) {
        try Self.wait(self.descriptor, for: Int16(POLLIN), deadline)
    }

    /// What comes next, however long that takes; empty when the peer has closed.
    func receive(bytesMax: Int) throws(SocketFailure) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: bytesMax)
        while true {
            let count = chunk.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(chunk.prefix(count)) }
            guard errno == EAGAIN || errno == EINTR else { throw Self.lastError() }
            var entry = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, -1)
        }
    }

    private static func wait(
        _ descriptor: Int32, for events: Int16, _ deadline: Deadline
    ) throws(SocketFailure) {
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

    private static func lastError() -> SocketFailure {
        .system(reason: String(cString: strerror(errno)))
    }
}
