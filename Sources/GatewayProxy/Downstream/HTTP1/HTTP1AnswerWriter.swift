import NIOCore

/// Writes an answer as HTTP/1.1 has it (RFC 9112 section 4), field by field.
///
/// Confined to one event loop. Bytes that would end a line are dropped from values, so that nothing can be smuggled by
/// one.
final class HTTP1AnswerWriter: AnswerFieldList {
    private(set) var buffer = ByteBuffer()

    /// Begins an answer or an interim one. The reason phrase says nothing that the status does not.
    func begin(status: Int) {
        self.buffer.writeStaticString("HTTP/1.1 ")
        self.buffer.writeString(String(status))
        self.buffer.writeStaticString(" ")
        self.buffer.writeString(Self.reason(status))
        self.buffer.writeStaticString("\r\n")
    }

    func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, isSensitive: Bool) {
        self.write(name) { buffer in
            buffer.writeBytes(value.lazy.filter { $0 != 0 && $0 != 0x0A && $0 != 0x0D })
        }
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

    func endFields() {
        self.buffer.writeStaticString("\r\n")
    }

    func append(body: [UInt8]) {
        self.buffer.writeBytes(body)
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
