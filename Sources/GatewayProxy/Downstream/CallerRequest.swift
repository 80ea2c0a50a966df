/// One request of a caller, as its connection sees it: the connection feeds it and takes its answer.
///
/// What becomes of it is decided by whoever inherits from it (`Exchange`); a connection knows no more than this. A
/// class to inherit from and no protocol: a body's bytes cost one table call, and no box. Its deadline belongs to
/// whoever inherits. Confined to its event loop.
class CallerRequest: Deadline {
    final let streamID: Int32
    final var requestID = RequestID.none
    final var hasReceivedEnd = false
    /// When that was, in nanoseconds; kept here for the connection.
    final var endedAt: UInt64 = 0
    /// What its connection thinks of it, where it comes from a suspect address.
    final var probation = Probation.none
    /// Its answer has been handed to its connection.
    final var isAnswered = false
    /// Where it comes from, as the trusted proxy says whose connection it shares with others (`CallerConduct`).
    final var believedAddress: String?
    /// A vendor was asked for its answer.
    final var asksVendors = false
    /// We have given its answer up, because its caller did not read it.
    final var isCutOff = false
    final var isHeadRequest = false
    /// Bytes of its answer's body, kept here for the connection that sends it. Of an answer in pieces that has not
    /// ended, those that are not out.
    final var unreadBytes = 0
    /// Of those, what the caller had not taken when it left or was cut off: said by the connection before `callerLeft`.
    final var unsentBytes = 0
    /// How fast its answer is read, kept here for the connection that sends it.
    final var pace = AnswerPace()

    init(streamID: Int32) {
        self.streamID = streamID
    }

    /// Whether a request is believed to be wanted: see `SuspectAddresses`.
    enum Probation {
        /// It is, or nobody asks.
        case none
        /// Its caller has still to show it.
        case begun
        /// It has come to its end, and its caller is to stay for a moment.
        case held
        /// A vendor may be asked; what becomes of it is counted.
        case admitted
        /// It has been answered, or given up.
        case passed
    }

    /// What became of a part of a body.
    enum BodyTaking {
        /// It is kept, and the caller may send as much again.
        case kept
        /// It is kept, and nobody knows yet whether the caller may send more: `AnswerSink.admitted` tells.
        case keptWithoutCredit
        /// Nobody wants it.
        case unwanted
    }

    /// Takes the request's fields.
    ///
    /// - Parameters:
    ///   - path: path and query as they came; looked at within the call only.
    ///   - isEnd: there is no body; `receiveEnd` follows, as behind a body.
    func receive(head _: RequestHead, path _: UnsafeBufferPointer<UInt8>, isEnd _: Bool) {}

    /// Takes part of the body.
    func receive(body _: UnsafeRawBufferPointer) -> BodyTaking { .unwanted }

    /// The request is complete.
    func receiveEnd() {}

    /// The connection could not take the request as it came, and it is to be answered so.
    func refuse(_: CallerRequestError) {}

    /// The stream or its connection is gone.
    ///
    /// - Returns: whether it is still under way, so that the sink is told when it ends.
    func callerLeft() -> Bool { false }

    /// The gateway's time to stop is over: ends with what is known.
    func cut() {}

    /// The request has not come to its end, and nobody has answered it.
    var isReceiving: Bool { false }

    /// Bytes that are held for the caller's sake and can be given up: of a body that has not come to its end, of an
    /// answer that is not read.
    var sheddableBytes: Int { 0 }

    /// Gives them up: the body is refused, the answer's stream ends.
    func shed() {}

    /// When it began, in nanoseconds.
    var startedAt: UInt64 { 0 }

    /// Vendors that have been asked for it; of a stream of updates, the lines that are under way.
    var requestsToVendors: Int { 0 }

    /// Whether a vendor that is reached at `endpoint` has still to answer for it.
    func waits(for _: ObjectIdentifier) -> Bool { false }

    /// Whether more of the body can be taken now. Where not, `AnswerSink.giveCredit` tells when it can again.
    var takesMore: Bool { true }

    /// Of an answer in pieces, some has gone out to the caller, or nothing of it is left.
    ///
    /// - Parameter unsentBytes: what waits until the caller, or the network, takes more.
    func answerTaken(unsentBytes _: Int) {}

    /// The gateway begins to stop: what has no end of its own comes to one.
    func drain() {}
}

/// Why a connection cannot take a request as it came.
enum CallerRequestError: Equatable {
    /// The fields are larger or more than is kept.
    case oversizedFields
    /// The path is longer than is kept.
    case oversizedPath
    /// The fields did not arrive in time.
    case slowFields
    /// Not well-formed, or not to be understood in one way only: why, in a sentence for the caller.
    case malformed(String)
    /// A method that the gateway takes nowhere.
    case unknownMethod(String)
    /// There is no room for this body beside the others of its connection.
    case noRoomForBody
    /// There is no memory for this body.
    case noMemory
    /// Too many requests from the caller's address were given up at once.
    case addressSuspect
}
