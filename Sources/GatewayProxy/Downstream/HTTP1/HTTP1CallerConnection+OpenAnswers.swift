import NIOCore

/// Answers in pieces, as far as the socket takes them.
extension HTTP1CallerConnection {
    /// Written in one go: as much as a socket's buffer takes at once.
    private static let pieceBytesMax = 256 * 1024

    func begin(_ answer: Answer, for exchange: CallerRequest) {
        guard self.exchange === exchange, self.openAnswer == nil else { return }
        self.openAnswer = HTTP1OpenAnswer(head: answer, isChunked: !self.speaksHTTP10)
        self.markDirty()
    }

    func extend(by bytes: [UInt8], isEnd: Bool, for exchange: CallerRequest) {
        guard self.exchange === exchange, self.openAnswer?.isEnded == false else { return }
        self.openAnswer?.unsent.append(contentsOf: bytes)
        self.openAnswer?.isEnded = isEnd
        exchange.isAnswered = isEnd
        exchange.unreadBytes += bytes.count
        self.markDirty()
    }

    /// Writes what the socket takes of it; its writability brings the rest.
    func writeOpenAnswer(context: ChannelHandlerContext) {
        guard context.channel.isWritable, let exchange = self.exchange, var open = self.openAnswer else { return }
        let writer = self.environment.storage.http1Writer
        if self.sendsContinue {
            self.sendsContinue = false
            self.isBodyHeldBack = false
            writer.begin(status: 100)
            writer.endFields()
        }
        if let head = open.head {
            guard case .write(let isLast) = self.machine.answerBegins(endsConnection: !open.isChunked) else { return }
            writer.begin(status: head.status)
            AnswerFields.append(
                head, requestID: exchange.requestID, date: self.environment.clock.httpDate,
                via: "1.1 product-gateway", isWhole: false, to: writer)
            if open.isChunked { writer.append("transfer-encoding", "chunked") }
            if isLast { writer.append("connection", "close") }
            writer.endFields()
            open.head = nil
        }
        let piece = Array(open.unsent.prefix(Self.pieceBytesMax))
        open.unsent.removeFirst(piece.count)
        if open.isChunked {
            writer.append(chunk: piece)
        } else {
            writer.append(body: piece)
        }
        self.openAnswer = open
        if open.isEnded, open.unsent.isEmpty {
            guard case .write = self.machine.answer(rest: self.rest) else { return }
            if open.isChunked { writer.endChunks() }
            self.openAnswer = nil
            self.writeLast(context: context)
        } else {
            self.write(context: context, promise: nil)
            if !open.unsent.isEmpty { self.markDirty() }
        }
        // From its end on it is read like any answer.
        guard !open.isEnded, open.unsent.count < exchange.unreadBytes else { return }
        exchange.unreadBytes = open.unsent.count
        exchange.answerTaken(unsentBytes: open.unsent.count)
    }
}
