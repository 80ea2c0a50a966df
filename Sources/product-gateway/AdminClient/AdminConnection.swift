import GatewayTLS
import NIOCore

/// A connection to an admin listener, with TLS or without, for one thread that may wait.
final class AdminConnection {
    private let socket: ConnectedSocket
    private let tls: TLSConnection?

    /// What is taken from the socket at a time: a TLS record at the most.
    private static let readBytes = 16 << 10

    /// Connects, and does the handshake.
    init(_ endpoint: AdminEndpoint, deadline: Deadline) throws(SocketFailure) {
        self.socket = try ConnectedSocket(host: endpoint.url.host, port: endpoint.url.port, deadline: deadline)
        guard let context = endpoint.tls else {
            self.tls = nil
            return
        }
        do throws(TLSError) {
            self.tls = try TLSConnection(context: context, serverName: endpoint.serverName)
        } catch {
            throw .system(reason: "\(error)")
        }
        try self.handshake(deadline)
    }

    private func handshake(_ deadline: Deadline) throws(SocketFailure) {
        guard let tls = self.tls else { return }
        while true {
            let result = tls.handshake()
            try self.flush(tls, deadline)
            switch result {
            case .complete: return
            case .needsInput: try self.feed(tls, deadline)
            case .closedByPeer: throw .system(reason: "\(TLSError.closedDuringHandshake)")
            case .failed(let error): throw .system(reason: "\(error)")
            }
        }
    }

    func send(_ bytes: [UInt8], deadline: Deadline) throws(SocketFailure) {
        guard let tls = self.tls else { return try self.socket.send(bytes, deadline: deadline) }
        let result = bytes.withUnsafeBytes { tls.write($0) }
        if case .failed(let error) = result { throw .system(reason: "\(error)") }
        try self.flush(tls, deadline)
    }

    /// What comes next; empty when the peer has closed.
    ///
    /// - Parameter deadline: nil waits however long it takes.
    func receive(deadline: Deadline?) throws(SocketFailure) -> [UInt8] {
        guard let tls = self.tls else { return try self.socketBytes(deadline) }
        var plaintext = ByteBuffer()
        while true {
            let result = tls.read(into: &plaintext, maximum: Self.readBytes)
            // Keys may be changed at any time, which is answered.
            try self.flush(tls, deadline ?? Deadline(milliseconds: Self.flushMilliseconds))
            if plaintext.readableBytes > 0 { return Array(plaintext.readableBytesView) }
            switch result {
            case .complete: continue
            case .needsInput: try self.feed(tls, deadline)
            case .closedByPeer: return []
            case .failed(let error): throw .system(reason: "\(error)")
            }
        }
    }

    /// Everything until the peer closes, or as much as is looked at.
    func receiveAll(bytesMax: Int, deadline: Deadline) throws(SocketFailure) -> [UInt8] {
        var received: [UInt8] = []
        while received.count < bytesMax {
            let part = try self.receive(deadline: deadline)
            if part.isEmpty { break }
            received += part
        }
        return received
    }

    /// For an answer to a change of keys: a few bytes, to a peer that reads.
    private static let flushMilliseconds: Int32 = 5000

    private func socketBytes(_ deadline: Deadline?) throws(SocketFailure) -> [UInt8] {
        if let deadline { try self.socket.waitForBytes(deadline) }
        return try self.socket.receive(bytesMax: Self.readBytes)
    }

    private func feed(_ tls: TLSConnection, _ deadline: Deadline?) throws(SocketFailure) {
        let bytes = try self.socketBytes(deadline)
        // Without a close_notify nobody knows whether that was all (RFC 8446 section 6.1).
        guard !bytes.isEmpty else { throw .system(reason: "the TLS connection was cut") }
        tls.receive(ByteBuffer(bytes: bytes))
    }

    private func flush(_ tls: TLSConnection, _ deadline: Deadline) throws(SocketFailure) {
        guard let output = tls.takeOutput() else { return }
        try self.socket.send(Array(output.readableBytesView), deadline: deadline)
    }
}
