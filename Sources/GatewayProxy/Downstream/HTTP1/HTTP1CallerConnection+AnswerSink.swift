import NIOCore

extension HTTP1CallerConnection: AnswerSink, Flushable {
    /// A body that is this short to its end is read and thrown away, so that the connection can be used again; to wait
    /// for more would cost more than a new connection.
    private static let restBytesMax = 64 * 1024

    func believe(_ address: String, of request: CallerRequest) {
        self.conduct.believe(address, of: request)
    }

    func send(_ answer: Answer, for exchange: CallerRequest) {
        guard self.exchange === exchange else { return }
        exchange.isAnswered = true
        self.answer = answer
        self.environment.flushQueue.countMessage()
        self.markDirty()
    }

    func sendContinue(for exchange: CallerRequest) {
        guard self.exchange === exchange else { return }
        self.sendsContinue = true
        self.markDirty()
    }

    func giveCredit(of _: Int, to exchange: CallerRequest) {
        guard self.exchange === exchange else { return }
        self.readIfWanted()
    }

    func heldBytesChanged(by _: Int, of _: CallerRequest) {
        // One exchange at a time holds no more than one body.
    }

    func isCrowded(by _: ObjectIdentifier) -> Bool {
        // One request at a time: nothing waits beside it.
        false
    }

    func isReading(_ exchange: CallerRequest) -> Bool {
        guard self.exchange === exchange else { return false }
        self.noteUnsent(exchange)
        return exchange.pace.isKept(
            answer: exchange.unreadBytes - exchange.unsentBytes, connection: nil,
            within: self.environment.limits.answerTimeoutNanoseconds)
    }

    /// Asks the channel how much of the answer the socket has not taken. Over TLS that is a little more than the body.
    func noteUnsent(_ exchange: CallerRequest) {
        guard let options = self.context?.channel.syncOptions,
            let buffered = try? options.getOption(.bufferedWritableBytes)
        else { return }
        exchange.unsentBytes = min(buffered + (self.openAnswer?.unsent.count ?? 0), exchange.unreadBytes)
    }

    func cutOff(_ exchange: CallerRequest) {
        guard self.exchange === exchange else { return }
        self.noteUnsent(exchange)
        exchange.isCutOff = true
        self.environment.metrics.add(to: .callersCutOff)
        self.close()
    }

    func abandonedRequestEnded() {
        // Nobody is left on this connection whose exchanges could be counted.
    }

    func markDirty() {
        guard !self.isDirty else { return }
        self.isDirty = true
        self.environment.flushQueue.add(self)
    }

    /// Writes what the tick has brought. The answer is written now and not when it came, because by now the rest of the
    /// request may be there, which decides whether the connection goes on.
    func flush() {
        self.isDirty = false
        guard let context = self.context else { return }
        if let answer = self.answer, let exchange = self.exchange {
            self.answer = nil
            self.write(answer, of: exchange, context: context)
        } else if self.openAnswer != nil {
            self.writeOpenAnswer(context: context)
        } else if self.sendsContinue {
            self.sendsContinue = false
            self.isBodyHeldBack = false
            let writer = self.environment.storage.http1Writer
            writer.begin(status: 100)
            writer.endFields()
            self.write(context: context, promise: nil)
        }
    }

    private func write(_ answer: Answer, of exchange: CallerRequest, context: ChannelHandlerContext) {
        guard case .write(let isLast) = self.machine.answer(rest: self.rest) else { return }
        let writer = self.environment.storage.http1Writer
        writer.begin(status: answer.status)
        AnswerFields.append(
            answer, requestID: exchange.requestID, date: self.environment.clock.httpDate, via: "1.1 product-gateway",
            to: writer)
        if isLast { writer.append("connection", "close") }
        writer.endFields()
        if !exchange.isHeadRequest {
            writer.append(body: answer.body)
            exchange.unreadBytes = answer.body.count
            // Until the socket has taken it.
            exchange.unsentBytes = answer.body.count
            self.memory.set(answer.body.count)
        }
        self.writeLast(context: context)
    }

    /// Writes the end of an answer.
    func writeLast(context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        self.write(context: context, promise: written)
        written.futureResult.assumeIsolated().whenComplete { result in
            switch result {
            case .success:
                self.exchange?.unsentBytes = 0
                self.answerWritten()
            case .failure: self.close()
            }
        }
    }

    var rest: StateMachine.Rest {
        // Whoever has not been asked for its body may send it all the same, or something else instead.
        if self.isBodyHeldBack { return .heldBack }
        return (self.bodyBytesLeft ?? Int.max) <= Self.restBytesMax ? .short : .long
    }

    func write(context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let bytes = self.environment.storage.http1Writer.take()
        self.traffic.sent(bytes.readableBytes)
        context.writeAndFlush(self.wrapOutboundOut(bytes), promise: promise)
    }
}
