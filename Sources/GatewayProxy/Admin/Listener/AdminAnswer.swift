import NIOCore
import NIOHTTP1

/// A response of the admin listener.
struct AdminAnswer {
    var status: HTTPResponseStatus
    var type: String
    var body: ByteBuffer
    var fields: [(name: String, value: String)]
    /// What goes on behind the body, which is then the beginning; the connection ends with it.
    var stream: (any AdminStream)?

    init(
        _ status: HTTPResponseStatus, type: String, body: ByteBuffer, fields: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.type = type
        self.body = body
        self.fields = fields
    }

    init(_ status: HTTPResponseStatus, text: String, fields: [(name: String, value: String)] = []) {
        self.init(status, type: "text/plain; charset=utf-8", body: ByteBuffer(string: text), fields: fields)
    }

    /// The head to answer `request` with.
    ///
    /// - Parameter isLast: the connection is closed after this answer.
    func head(for request: HTTPRequestHead, isLast: Bool) -> HTTPResponseHead {
        var head = HTTPResponseHead(version: request.version, status: self.status)
        head.headers.add(name: "content-type", value: self.type)
        if self.stream == nil {
            head.headers.add(name: "content-length", value: String(self.body.readableBytes))
        }
        head.headers.add(name: "cache-control", value: "no-store")
        head.headers.add(name: "x-content-type-options", value: "nosniff")
        for field in self.fields { head.headers.add(name: field.name, value: field.value) }
        if isLast || self.stream != nil { head.headers.add(name: "connection", value: "close") }
        return head
    }
}
