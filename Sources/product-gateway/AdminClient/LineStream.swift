/// Lines that a gateway's admin listener sends for as long as it runs, in answer to one `GET`. Blocks; one thread.
final class LineStream {
    private let connection: AdminConnection
    private var received: [UInt8] = []
    private var isOver = false

    /// A line of an exchange with a hundred targets has some ten KiB.
    private static let lineBytesMax = 1 << 20
    /// Of what an answer says that is none of lines.
    private static let refusalBytesMax = 64 << 10

    /// Sends the request and reads the head of the answer.
    init(_ endpoint: AdminEndpoint, query: String, timeoutMilliseconds: Int32) throws(SocketFailure) {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        let connection = try endpoint.get(
            query: query, accept: "application/x-ndjson", agent: "tail", deadline: deadline)
        let (head, rest) = try Self.head(of: connection, deadline)
        guard let status = HealthProbe.parse(head)?.status else { throw .notHTTP }
        guard status == 200 else {
            let more = (try? connection.receiveAll(bytesMax: Self.refusalBytesMax, deadline: deadline)) ?? []
            let said = String(decoding: rest + more, as: UTF8.self).prefix { !$0.isNewline }
            throw .system(reason: "it answered \(status) \(said)")
        }
        self.connection = connection
        self.received = rest
    }

    private static func head(
        of connection: AdminConnection, _ deadline: Deadline
    ) throws(SocketFailure) -> (head: [UInt8], rest: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        var received: [UInt8] = []
        while received.count < self.lineBytesMax {
            if let range = received.firstRange(of: end) {
                return (Array(received[..<range.upperBound]), Array(received[range.upperBound...]))
            }
            let part = try connection.receive(deadline: deadline)
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
            let part = try self.connection.receive(deadline: nil)
            self.isOver = part.isEmpty
            self.received += part
        }
    }
}
