import GatewayHTTP
import NIOCore

/// Writes a message as HTTP/1.1 has it (RFC 9112 sections 3 to 6): its first line, its fields one by one, its body.
///
/// Confined to one event loop. Bytes that would end a line are dropped from values, so that nothing can be smuggled by
/// one.
final class HTTP1MessageWriter: FieldWriter {
    private var buffer = ByteBuffer()

    /// Begins an answer or an interim one. The reason phrase says nothing that the status does not.
    func begin(status: Int) {
        self.buffer.writeStaticString("HTTP/1.1 ")
        self.buffer.writeString(String(status))
        self.buffer.writeStaticString(" ")
        self.buffer.writeString(Self.reason(status))
        self.buffer.writeStaticString("\r\n")
    }

    /// Begins a request, and says which host it is for (RFC 9112 section 3.2).
    ///
    /// - Parameter path: with the query; stands behind `basePath`.
    /// - Returns: false, with nothing written, where it could not be read as it is meant.
    func begin(method: String, basePath: [UInt8], path: [UInt8], host: [UInt8]) -> Bool {
        func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte),
            basePath.first ?? path.first == UInt8(ascii: "/"),
            basePath.allSatisfy(isVisible), path.allSatisfy(isVisible)
        else { return false }
        self.buffer.writeString(method)
        self.buffer.writeStaticString(" ")
        self.buffer.writeBytes(basePath)
        self.buffer.writeBytes(path)
        self.buffer.writeStaticString(" HTTP/1.1\r\n")
        self.append("host", host)
        return true
    }

    func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, isSensitive: Bool) {
        self.write(name) { $0.writeFieldValue(value) }
    }

    func append(_ name: StaticString, _ value: String, isSensitive: Bool) {
        var value = value
        value.withUTF8 { self.append(name, $0, isSensitive: isSensitive) }
    }

    func append(_ name: StaticString, _ value: StaticString) {
        self.write(name) { $0.writeStaticString(value) }
    }

    func append(_ name: StaticString, decimal value: Int) {
        self.write(name) { $0.writeString(String(value)) }
    }

    /// Not written where the name is no token, or describes the connection or the framing and not the message: those
    /// are ours to say (RFC 9112 section 9.6, RFC 9110 section 7.6.1).
    func append(name: String, value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte), !Self.connectionFields.contains(name) else { return }
        self.buffer.writeString(name)
        self.buffer.writeStaticString(": ")
        self.buffer.writeFieldValue(value.utf8)
        self.buffer.writeStaticString("\r\n")
    }

    func endFields() {
        self.buffer.writeStaticString("\r\n")
    }

    func append(body: [UInt8]) {
        self.buffer.writeBytes(body)
    }

    /// One chunk of a body (RFC 9112 section 7.1); nothing where it would be the last one, which is empty.
    func append(chunk: [UInt8]) {
        guard !chunk.isEmpty else { return }
        self.buffer.writeString(String(chunk.count, radix: 16))
        self.buffer.writeStaticString("\r\n")
        self.buffer.writeBytes(chunk)
        self.buffer.writeStaticString("\r\n")
    }

    /// The last chunk, and no trailers.
    func endChunks() {
        self.buffer.writeStaticString("0\r\n\r\n")
    }

    /// What has been written so far; the writer is empty afterwards.
    func take() -> ByteBuffer {
        let taken = self.buffer
        self.buffer = ByteBuffer()
        return taken
    }

    private func write(_ name: StaticString, _ value: (inout ByteBuffer) -> Void) {
        self.buffer.writeStaticString(name)
        self.buffer.writeStaticString(": ")
        value(&self.buffer)
        self.buffer.writeStaticString("\r\n")
    }

    private static let connectionFields: Set<String> = [
        "connection", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// Of the statuses that the gateway answers with; for people only (RFC 9112 section 4).
    private static func reason(_ status: Int) -> String {
        switch status {
        case 100: "Continue"
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 207: "Multi-Status"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 409: "Conflict"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 424: "Failed Dependency"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: ""
        }
    }
}

extension ByteBuffer {
    /// Without the bytes that no value may have (RFC 9110 section 5.5).
    fileprivate mutating func writeFieldValue(_ value: some Collection<UInt8>) {
        self.writeBytes(value.lazy.filter { $0 != 0 && $0 != 0x0A && $0 != 0x0D })
    }
}
