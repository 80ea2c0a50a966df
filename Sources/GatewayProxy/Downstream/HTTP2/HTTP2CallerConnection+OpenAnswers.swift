import GatewayHTTP2

/// Answers in pieces: fields first, then DATA as it comes and as the caller's windows let it out.
extension HTTP2CallerConnection {
    func begin(_ answer: Answer, for exchange: CallerRequest) {
        guard let session = self.session else { return }
        let fields = self.environment.storage.http2Fields
        fields.removeAll()
        fields.append(":status", decimal: answer.status)
        AnswerFields.append(
            answer, requestID: exchange.requestID, date: self.environment.clock.httpDate, via: "2 product-gateway",
            isWhole: false, to: fields)
        do throws(HTTP2Error) {
            try session.submitOpenResponse(streamID: exchange.streamID, fields: fields)
            let openAnswers = self.openAnswers ?? OpenAnswers()
            self.openAnswers = openAnswers
            openAnswers.add(exchange)
            self.markDirty()
        } catch .streamClosed {
            // The caller has reset the stream; its close is on the way.
        } catch {
            self.fail(error)
        }
    }

    func extend(by bytes: [UInt8], isEnd: Bool, for exchange: CallerRequest) {
        guard let session = self.session,
            session.extendBody(of: exchange.streamID, by: bytes, isEnd: isEnd)
        else { return }
        exchange.unreadBytes += bytes.count
        self.unreadBytes += bytes.count
        if isEnd {
            // From now on it is read like any answer.
            exchange.isAnswered = true
            self.openAnswers?.remove(exchange.streamID)
            if !exchange.hasReceivedEnd { self.answeredEarly(exchange.streamID) }
        }
        self.markDirty()
    }
}
