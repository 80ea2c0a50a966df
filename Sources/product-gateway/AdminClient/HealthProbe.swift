/// One `GET` over HTTP/1 on a socket, with one deadline for all of it.
///
/// A probe runs every few seconds in every container: it starts no threads and no event loop. Only a
/// name that has to be looked up may take longer than the deadline; addresses need no look-up.
enum HealthProbe {
    struct Answer: Equatable {
        let status: Int
        /// Of the body, for the message.
        let firstLine: String
    }

    /// The answer of `/readyz?verbose` lists every target in a line.
    private static let answerBytesMax = 64 << 10

    static func ask(_ endpoint: AdminEndpoint, timeoutMilliseconds: Int32) -> Result<Answer, SocketFailure> {
        do throws(SocketFailure) {
            let bytes = try self.exchange(endpoint, timeoutMilliseconds, bytesMax: self.answerBytesMax)
            guard let answer = self.parse(bytes) else { throw .notHTTP }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    /// The status and the whole body.
    static func get(
        _ endpoint: AdminEndpoint, timeoutMilliseconds: Int32, bytesMax: Int
    ) throws(SocketFailure) -> (status: Int, body: [UInt8]) {
        let bytes = try self.exchange(endpoint, timeoutMilliseconds, bytesMax: bytesMax)
        guard let status = self.parse(bytes)?.status, let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw .notHTTP
        }
        return (status, Array(bytes[head.upperBound...]))
    }

    /// Everything that is answered.
    private static func exchange(
        _ endpoint: AdminEndpoint, _ timeoutMilliseconds: Int32, bytesMax: Int
    ) throws(SocketFailure) -> [UInt8] {
        let deadline = Deadline(milliseconds: timeoutMilliseconds)
        return try endpoint.get(agent: "healthcheck", deadline: deadline)
            .receiveAll(bytesMax: bytesMax, deadline: deadline)
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
