extension AdminConnection {
    /// Decides what an operator's connection waits for, and for how long.
    ///
    ///     receiving ──whole request──▶ answering ──written──▶ idle ──first bytes──▶ receiving
    ///
    /// A connection begins in `receiving`: whoever connects has something to ask. One request is answered at a time;
    /// those that were pipelined behind it wait. Decides only: the connection performs what is returned.
    struct StateMachine: Equatable {
        enum State: Equatable {
            /// Nothing of a request has come since the last answer.
            case idle
            /// A request is on its way.
            case receiving
            /// A request is being answered. `isLast`: the connection ends with this answer.
            case answering(isLast: Bool)
            case closed
        }

        private(set) var state = State.receiving

        /// What has come is left with the kernel until the answer has been handed over.
        var wantsToRead: Bool {
            switch self.state {
            case .idle, .receiving: true
            case .answering, .closed: false
            }
        }

        enum OnBytes: Equatable { case startRequestDeadline, doNothing }

        /// Something has come from the operator.
        mutating func bytesReceived() -> OnBytes {
            switch self.state {
            case .idle:
                self.state = .receiving
                return .startRequestDeadline
            case .receiving, .answering, .closed:
                return .doNothing
            }
        }

        enum OnRequest: Equatable { case answer, keepWaiting, doNothing }

        /// A request is whole.
        ///
        /// - Parameter isLast: the operator wants no other answer on this connection.
        mutating func requestReceived(isLast: Bool) -> OnRequest {
            switch self.state {
            case .idle, .receiving:
                self.state = .answering(isLast: isLast)
                return .answer
            case .answering:
                return .keepWaiting
            case .closed:
                return .doNothing
            }
        }

        enum OnWritten: Equatable { case answerNext, startIdleDeadline, startRequestDeadline, close, doNothing }

        /// All of an answer has been handed to the kernel.
        ///
        /// - Parameters:
        ///   - next: whether a whole request waits, and whether it is the last of this connection.
        ///   - hasBegun: whether the head of a request has come whose body has not.
        ///   - isInputOver: nothing more will come.
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

        /// The operator has closed its side, or what it sends is no HTTP.
        mutating func inputOver() -> OnInputOver {
            switch self.state {
            case .idle, .receiving:
                self.state = .closed
                return .close
            case .answering:
                return .finishAnswering
            case .closed:
                return .doNothing
            }
        }

        enum OnEnd: Equatable { case close, doNothing }

        /// A deadline was reached, the connection has to give way, or it has failed.
        mutating func mustEnd() -> OnEnd {
            guard self.state != .closed else { return .doNothing }
            self.state = .closed
            return .close
        }
    }
}
