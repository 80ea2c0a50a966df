import GatewayConfiguration
import GatewayProxy

/// Lines that a gateway's admin listener sends for as long as it runs: one `GET` on a plain socket.
///
/// Asks in HTTP/1.0, so that the body is what comes until the connection ends. Blocks; one thread.
final class LineStream {
    private let socket: ConnectedSocket
    private var received: [UInt8] = []
    private var isOver = false

    /// A line of an exchange with a hundred targets has some ten KiB.
    private static let lineBytesMax = 1 << 20
    private static let readBytes = 64 << 10

    /// Sends the request and reads the head of the answer.
    init(_ url: HTTPURL, query: String, timeoutMilliseconds: Int32) throws(SocketFailure) {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        let socket = try ConnectedSocket(host: url.host, port: url.port, deadline: deadline)
        let target = url.path + (query.isEmpty ? "" : "?" + query)
        let request = """
            GET \(target) HTTP/1.0\r\nhost: \(url.authority)\r\naccept: application/x-ndjson\r\n\
            user-agent: product-gateway-tail/\(GatewayVersion.string)\r\n\r\n
            """
        try socket.send(Array(request.utf8), deadline: deadline)
        let (head, rest) = try Self.head(of: socket, deadline)
        guard let status = HealthProbe.parse(head)?.status else { throw .notHTTP }
        guard status == 200 else {
            let more = (try? socket.receiveAll(bytesMax: Self.readBytes, deadline: deadline)) ?? []
            let said = String(decoding: rest + more, as: UTF8.self).prefix { !$0.isNewline }
            throw .system(reason: "it answered \(status) \(said)")
        }
        self.socket = socket
        self.received = rest
    }

    private static func head(
        of socket: borrowing ConnectedSocket, _ deadline: Deadline
    ) throws(SocketFailure) -> (head: [UInt8], rest: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        var received: [UInt8] = []
        while received.count < self.lineBytesMax {
            if let range = received.firstRange(of: end) {
                return (Array(received[..<range.upperBound]), Array(received[range.upperBound...]))
            }
            try socket.waitForBytes(deadline)
            let part = try socket.receive(bytesMax: self.readBytes)
            guard !part.isEmpty else { break }
            received += part
        }
        throw .notHTTP
    }

    /// The next line without its line feed, whenever it comes; nil when the gateway has ended.
    func next() throws(SocketFailure) -> [UInt8]? {
        while true {
            if let end = self.received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(self.received[..<end])
                self.received.removeSubrange(...end)
                return line
            }
            guard !self.isOver, self.received.count < Self.lineBytesMax else { return nil }
            let part = try self.socket.receive(bytesMax: Self.readBytes)
            self.isOver = part.isEmpty
            self.received += part
        }
    }
}
