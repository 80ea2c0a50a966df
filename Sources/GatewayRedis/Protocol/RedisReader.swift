internal import CHiredis

/// Reads replies out of a server's bytes, by libhiredis's reader. The only place that sees libhiredis.
///
/// A reply of more than `replyBytesMax`, or of more elements than any that we ask for, is an error. Confined to one
/// thread at a time.
final class RedisReader {
    /// What libhiredis is called back with when an array begins.
    private struct Bounds {
        /// libhiredis's own, which make what is read.
        let original: UnsafeMutablePointer<redisReplyObjectFunctions>
        /// Of the reply that is under way.
        var elementsLeft: Int
    }

    private let reader: UnsafeMutablePointer<redisReader>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let bounds: UnsafeMutablePointer<Bounds>
    private let replyBytesMax: Int
    /// Of the reply that is under way.
    private var pendingBytes = 0
    private var hasFailed = false

    /// A record with answers of several targets, each of which may be a large product.
    static let replyBytesMax = 32 << 20
    /// Levels of arrays in an array that we look at; what we ask for has two.
    private static let depthMax = 4

    /// In all arrays of a reply together: those of `CLUSTER SLOTS` for slots that are scattered over a cluster whose
    /// servers have two replicas each.
    private static let elementsMax = 400_000

    /// - Throws: where there is no memory.
    init(replyBytesMax: Int = RedisReader.replyBytesMax) throws(RedisProtocolError) {
        guard let reader = redisReaderCreate(), let original = reader.pointee.fn else {
            throw RedisProtocolError(reason: "out of memory")
        }
        self.reader = reader
        self.replyBytesMax = replyBytesMax
        self.functions = .allocate(capacity: 1)
        self.functions.initialize(to: original.pointee)
        self.bounds = .allocate(capacity: 1)
        self.bounds.initialize(to: Bounds(original: original, elementsLeft: Self.elementsMax))
        // libhiredis makes room for as many elements as are announced, whatever comes of them, and goes through all of
        // it to give it back: a few bytes would cost gigabytes and minutes.
        self.functions.pointee.createArray = { task, elements in
            guard let bounds = task?.pointee.privdata?.assumingMemoryBound(to: Bounds.self),
                elements <= bounds.pointee.elementsLeft
            else { return nil }
            bounds.pointee.elementsLeft -= Int(elements)
            return bounds.pointee.original.pointee.createArray(task, elements)
        }
        reader.pointee.privdata = UnsafeMutableRawPointer(self.bounds)
        reader.pointee.fn = self.functions
    }

    deinit {
        redisReaderFree(self.reader)
        self.functions.deallocate()
        self.bounds.deallocate()
    }

    /// Takes what has come.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisProtocolError) {
        guard !self.hasFailed else { throw RedisProtocolError(reason: "the stream was broken before") }
        self.pendingBytes += bytes.count
        guard self.pendingBytes <= self.replyBytesMax else {
            throw self.failed("a reply of more than \(self.replyBytesMax) bytes")
        }
        guard redisReaderFeed(self.reader, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count) == REDIS_OK else {
            throw self.failed(self.text)
        }
    }

    /// The next reply; nil where not all of it has come.
    func next() throws(RedisProtocolError) -> RedisReply? {
        guard !self.hasFailed else { throw RedisProtocolError(reason: "the stream was broken before") }
        var raw: UnsafeMutableRawPointer?
        guard redisReaderGetReply(self.reader, &raw) == REDIS_OK else {
            throw self.failed(
                self.reader.pointee.err == REDIS_ERR_OOM ? "an array of more elements than any has" : self.text)
        }
        guard let raw else { return nil }
        defer { freeReplyObject(raw) }
        self.bounds.pointee.elementsLeft = Self.elementsMax
        self.pendingBytes = self.reader.pointee.len - self.reader.pointee.pos
        return try self.reply(raw.assumingMemoryBound(to: redisReply.self), depth: 0)
    }

    private func reply(
        _ pointer: UnsafeMutablePointer<redisReply>, depth: Int
    ) throws(RedisProtocolError) -> RedisReply {
        let reply = pointer.pointee
        switch reply.type {
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS:
            return .bytes(Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len)))
        case REDIS_REPLY_ERROR:
            return .error(String(decoding: UnsafeRawBufferPointer(start: reply.str, count: reply.len), as: UTF8.self))
        case REDIS_REPLY_INTEGER:
            return .integer(Int(reply.integer))
        case REDIS_REPLY_NIL:
            return .null
        case REDIS_REPLY_ARRAY:
            guard depth < Self.depthMax else { throw self.failed("arrays within arrays within arrays") }
            var elements: [RedisReply] = []
            elements.reserveCapacity(reply.elements)
            for index in 0..<reply.elements {
                guard let element = reply.element[index] else { throw self.failed("an array with a hole") }
                elements.append(try self.reply(element, depth: depth + 1))
            }
            return .array(elements)
        default:
            throw self.failed("a reply of a kind that is not known")
        }
    }

    private func failed(_ reason: String) -> RedisProtocolError {
        self.hasFailed = true
        return RedisProtocolError(reason: reason)
    }

    private var text: String {
        withUnsafeBytes(of: self.reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
