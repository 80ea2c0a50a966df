import NIOCore
import NIOHTTP1

/// NIO's parser of answers, watched: it takes no byte that nobody asked for, and an answer counts as over only when it
/// is known that nothing stands behind it.
///
/// An answer that a vendor (or somebody in front of it) slips in behind another would be taken for the answer to the
/// next request. Confined to its connection's event loop.
final class HTTP1AnswerDecoder: ByteToMessageDecoder {
    typealias InboundOut = HTTPClientResponsePart

    private let parser: HTTPResponseDecoder
    private let connection: UpstreamHTTP1Connection

    /// As over HTTP/2: vendors behind several proxies answer with many fields.
    private static let fieldBytesMax = 64 * 1024
    private static let fieldsMax = 256

    init(connection: UpstreamHTTP1Connection) {
        self.connection = connection
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.fieldBytesMax
        limits.maxHeaderListSize = Self.fieldBytesMax
        limits.maxHeaderFieldCount = Self.fieldsMax
        self.parser = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward,
            limitConfiguration: limits)
    }

    func decoderAdded(context: ChannelHandlerContext) {
        self.parser.decoderAdded(context: context)
    }

    func decoderRemoved(context: ChannelHandlerContext) {
        self.parser.decoderRemoved(context: context)
    }

    /// A request goes out: its method tells whether its answer has a body (RFC 9112 section 6.3).
    func requestStarted(method: String) {
        self.parser.write(
            data: .head(HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: "")))
    }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard self.connection.expectsBytes else { throw HTTP1AnswerError.unasked }
        self.connection.framing.received(buffer.readableBytes)
        let state = try self.parser.decode(context: context, buffer: &buffer)
        guard !self.connection.framing.isExcessive(bytesMax: Self.fieldBytesMax) else {
            throw HTTP1AnswerError.tooMuchFraming
        }
        if self.connection.isAnswered {
            try self.checkNothingFollows(context: context)
            self.connection.answerTaken(isClean: buffer.readableBytes == 0)
        }
        return state
    }

    func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        if buffer.readableBytes > 0, !self.connection.expectsBytes { throw HTTP1AnswerError.unasked }
        let state = try self.parser.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
        if self.connection.isAnswered { self.connection.answerTaken(isClean: false) }
        return state
    }

    /// The parser takes all bytes at once, also the first of another answer. Asked whether its input could end here, it
    /// objects if it is in the middle of something; between two answers the question changes nothing.
    private func checkNothingFollows(context: ChannelHandlerContext) throws {
        var nothing = ByteBuffer()
        _ = try self.parser.decodeLast(context: context, buffer: &nothing, seenEOF: true)
    }
}
