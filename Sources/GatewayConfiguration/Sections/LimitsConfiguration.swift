/// How much a caller may ask for, and for how long. Every limit protects the gateway, or one
/// caller from another.
package struct LimitsConfiguration: Sendable, Equatable {
    /// Bytes of a caller's request body.
    package var requestBody: Int
    /// Bytes of a vendor's answer body.
    package var answerBody: Int
    /// Bytes of one header block, names and values, decoded, RFC 9113 §6.5.2 overhead included.
    package var headerBytes: Int
    /// Fields in one header block.
    package var headerCount: Int
    /// Bytes of a request's path with its query.
    package var pathBytes: Int
    /// Nesting of objects and arrays in a JSON body.
    package var jsonDepth: Int
    /// Targets in one request's `?target=a,b`.
    package var targetsPerRequest: Int
    /// Open caller connections per worker.
    package var connections: Int
    /// Open streams per caller connection.
    package var concurrentStreams: Int
    /// Bytes of bodies and unread answers that are held for one caller connection.
    package var connectionBuffer: Int
    /// Bytes that the process may take.
    package var memory: MemoryLimit
    /// Where it begins to do something about them.
    package var memoryStages: MemoryStages
    /// Completely sent updates per caller connection whose caller has gone away.
    package var abandonedExchanges: Int
    /// From accepting a connection until it is known what the caller speaks.
    package var handshakeTimeout: Duration
    /// From the first byte of a request to the end of its header section.
    package var headerTimeout: Duration
    /// From the end of the header block to the end of the body.
    package var bodyTimeout: Duration
    /// How long a caller may leave an answer unread.
    package var answerTimeout: Duration
    /// How long a caller connection without a stream stays open.
    package var idleTimeout: Duration
}

extension LimitsConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.requestBody = reader.value(
            "requestBody", .bytes(in: 1 << 10...64 << 20), default: 1 << 20,
            """
            The largest request body. A larger one is answered with `413 payload_too_large`. It must \
            be held whole to be checked before anything is sent; a real product has some KiB.
            """,
            examples: ["1MiB", 65536])
        self.answerBody = reader.value(
            "answerBody", .bytes(in: 1 << 10...256 << 20), default: 4 << 20,
            """
            The largest vendor answer that is read. A larger one is answered with \
            `vendor_unintelligible`, because half an answer cannot be understood.
            """,
            examples: ["4MiB"])
        self.headerBytes = reader.value(
            "headerBytes", .bytes(in: 4 << 10...1 << 20), default: 16 << 10,
            """
            The largest header block of a request, decoded. Bounds what a compressed block can \
            blow up to. 16 KiB is room for a large token and tracing fields.
            """,
            examples: ["16KiB", "64KiB"])
        self.headerCount = reader.value(
            "headerCount", .integer(in: 16...1000, of: "a number of fields"), default: 100,
            "The most header fields in one request. Bounds the work of many tiny fields.",
            examples: [100])
        self.pathBytes = reader.value(
            "pathBytes", .bytes(in: 256...64 << 10), default: 8 << 10,
            "The longest path with its query. RFC 9110 §4.1 asks for at least 8000 bytes.",
            examples: ["8KiB"])
        self.jsonDepth = reader.value(
            "jsonDepth", .integer(in: 8...512, of: "a nesting depth"), default: 64,
            "The deepest nesting in a JSON body, the caller's or the vendor's. Products nest 6 deep.",
            examples: [64])
        self.targetsPerRequest = reader.value(
            "targetsPerRequest", .integer(in: 1...64, of: "a number of targets"), default: 8,
            "The most targets that one request may name in `?target=a,b`.",
            examples: [8])
        self.connections = reader.value(
            "connections", .integer(in: 1...1_000_000, of: "a number of connections"), default: 4096,
            """
            The most open caller connections per worker. Beyond it new ones are closed at once. Each \
            takes a file descriptor and, idle, some 36 KiB with TLS.
            """,
            examples: [4096])
        self.concurrentStreams = reader.value(
            "concurrentStreams", .integer(in: 1...1000, of: "a number of streams"), default: 256,
            """
            The most open streams per caller connection (`SETTINGS_MAX_CONCURRENT_STREAMS`); with \
            HTTP/1.1 the most requests pipelined behind one. RFC 9113 §6.5.2 recommends no less than 100. \
            Requests to a vendor that has stopped answering may hold half of them: further ones to it are \
            answered at once with `503 overloaded`.
            """,
            examples: [256])
        self.connectionBuffer = reader.value(
            "connectionBuffer", .bytes(in: 64 << 10...1 << 30), default: 16 << 20,
            """
            The most bytes of request bodies held for one caller connection, from their first byte until \
            every target has answered, and as many bytes of answers that it has not read. When bodies \
            fill it, the caller gets no further flow-control credit until something leaves; an answer \
            that does not fit beside the unread ones is given up and its stream reset. So neither a slow \
            vendor nor a caller that does not read can fill the memory with a hundred streams.
            """,
            examples: ["16MiB"])
        self.memory = reader.value(
            "memory", .memory(in: 64 << 20...1 << 44), default: .automatic,
            """
            The memory that the process may take for everything that callers and vendors make it hold: bodies, \
            answers, results that wait for others, and what connections, HTTP/2 and TLS need. It is counted as it is \
            taken, and `memoryStages` says what happens before it is used up. `"auto"`: 70 % of the smallest limit of \
            the process's control groups, without one of the machine's memory; the log's first lines say which.
            """,
            examples: ["auto", "256MiB"])
        self.memoryStages = reader.object(
            "memoryStages", MemoryStages.self,
            "At how many percent of `memory` the gateway begins to do something about it.")
        self.abandonedExchanges = reader.value(
            "abandonedExchanges", .integer(in: 1...1000, of: "a number of exchanges"), default: 20,
            """
            An update that was completely sent is left to finish when its caller resets the stream. \
            This many may be unfinished per caller connection; beyond it new streams are refused, so \
            that rapid resets make no work that nobody waits for.
            """,
            examples: [20])
        self.handshakeTimeout = reader.value(
            "handshakeTimeout", .duration(from: .milliseconds(100), to: .seconds(60)),
            default: .seconds(10),
            """
            From accepting a caller's connection to the end of its TLS handshake and its first words in \
            HTTP. Cuts off those who connect and say nothing.
            """,
            examples: ["10s"])
        self.headerTimeout = reader.value(
            "headerTimeout", .duration(from: .milliseconds(100), to: .seconds(300)),
            default: .seconds(10),
            "From the first byte of a request to the end of its header fields. Cuts off slow senders.",
            examples: ["10s"])
        self.bodyTimeout = reader.value(
            "bodyTimeout", .duration(from: .milliseconds(100), to: .seconds(3600)),
            default: .seconds(30),
            "From the end of the header block to the end of the body.",
            examples: ["30s", "2m"])
        self.answerTimeout = reader.value(
            "answerTimeout", .duration(from: .milliseconds(100), to: .seconds(3600)),
            default: .seconds(30),
            """
            How long a caller may leave an answer unread before its stream is cut off. One that reads \
            on, 256 bytes a second at least, gets all of it, however long that takes.
            """,
            examples: ["30s"])
        self.idleTimeout = reader.value(
            "idleTimeout", .duration(from: .seconds(1), to: .seconds(86400)), default: .seconds(300),
            """
            How long a caller's connection without a running exchange stays open. Longer than the \
            callers' own idle time, so that they close first and lose no request to a race.
            """,
            examples: ["5m", "1h"])

        if self.connectionBuffer < self.requestBody {
            reader.members.refuse(
                at: "connectionBuffer",
                message: """
                    connectionBuffer (\(ByteCount.text(self.connectionBuffer))) must not be smaller than \
                    requestBody (\(ByteCount.text(self.requestBody))): such a body could never arrive
                    """)
        }
    }
}
