extension AdminConnection {
    /// Decides what an operator's connection waits for, and for how long.
    ///
    ///     receiving ──whole request──▶ answering ──written──▶ idle ──first bytes──▶ receiving
    ///                                      └──answer goes on──▶ streaming
    ///
    /// A connection begins in `receiving`, because whoever connects is expected to ask. One request is answered at a
    /// time; pipelined ones wait. Decides only: the connection performs what is returned.
    struct StateMachine: Equatable {
        enum State: Equatable {
            /// Nothing has been received since the last answer.
            case idle
            /// A request is expected, or part of it has been received.
            case receiving
            /// A request is being answered. `isLast`: the connection ends with this answer.
            case answering(isLast: Bool)
            /// An answer goes on until one of both ends it.
            case streaming
            case closed
        }

        private(set) var state = State.receiving

        /// False while a request is being answered: what the peer sends meanwhile stays in the kernel.
        var wantsToRead: Bool {
            switch self.state {
            case .idle, .receiving: true
            case .answering, .streaming, .closed: false
            }
        }

        enum OnBytes: Equatable { case startRequestDeadline, doNothing }

        /// Bytes have been received.
        mutating func bytesReceived() -> OnBytes {
            switch self.state {
            case .idle:
                self.state = .receiving
                return .startRequestDeadline
            case .receiving, .answering, .streaming, .closed:
                return .doNothing
            }
        }

        enum OnRequest: Equatable { case answer, keepWaiting, doNothing }

        /// A request has been received completely.
        ///
        /// - Parameter isLast: the peer asked for the connection to be closed after the answer.
        mutating func requestReceived(isLast: Bool) -> OnRequest {
            switch self.state {
            case .idle, .receiving:
                self.state = .answering(isLast: isLast)
                return .answer
            case .answering:
                return .keepWaiting
            case .streaming, .closed:
                return .doNothing
            }
        }

        enum OnStream: Equatable { case begin, doNothing }

        /// The answer is one that goes on.
        mutating func answerGoesOn() -> OnStream {
            guard case .answering = self.state else { return .doNothing }
            self.state = .streaming
            return .begin
        }

        enum OnWritten: Equatable { case answerNext, startIdleDeadline, startRequestDeadline, close, doNothing }

        /// The kernel has taken all of an answer.
        ///
        /// - Parameters:
        ///   - next: whether a complete request waits, and whether it is the last of this connection.
        ///   - hasBegun: whether the head of a request has been received, but not all of its body.
        ///   - isInputOver: whether nothing more can be received.
        mutating func answerWritten(
            next: (isThere: Bool, isLast: Bool), hasBegun: Bool, isInputOver: Bool
        ) -> OnWritten {
            guard case .answering(let isLast) = self.state else { return .doNothing }
            if !isLast, next.isThere {
                self.state = .answering(isLast: next.isLast)
                return .answerNext
            }
            if isLast || isInputOver {
                self.state = .closed
                return .close
            }
            self.state = hasBegun ? .receiving : .idle
            return hasBegun ? .startRequestDeadline : .startIdleDeadline
        }

        enum OnInputOver: Equatable { case close, finishAnswering, doNothing }

        /// The peer has closed its side, or has sent something that is not HTTP.
        mutating func inputOver() -> OnInputOver {
            switch self.state {
            case .idle, .receiving, .streaming:
                self.state = .closed
                return .close
            case .answering:
                return .finishAnswering
            case .closed:
                return .doNothing
            }
        }

        enum OnEnd: Equatable { case close, doNothing }

        /// A deadline has passed, the connection has to make room for another, or it has failed.
        mutating func mustEnd() -> OnEnd {
            guard self.state != .closed else { return .doNothing }
            self.state = .closed
            return .close
        }
    }
}
