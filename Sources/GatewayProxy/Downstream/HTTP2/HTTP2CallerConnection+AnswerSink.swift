import GatewayHTTP2
import NIOCore

extension HTTP2CallerConnection: AnswerSink {
    func believe(_ address: String, of request: CallerRequest) {
        self.conduct.believe(address, of: request)
    }

    func send(_ answer: Answer, for exchange: CallerRequest) {
        exchange.isAnswered = true
        guard let session = self.session else { return }
        let body = exchange.isHeadRequest ? [] : answer.body
        guard self.unreadBytes == 0 || self.unreadBytes + body.count <= self.heldBytesMax else {
            // It does not read what it has asked for: holding more for it would be at everybody's cost.
            self.environment.metrics.add(to: .callersCutOff)
            exchange.unsentBytes = body.count
            exchange.isCutOff = true
            self.reset(exchange.streamID, code: .enhanceYourCalm)
            return
        }
        let fields = self.environment.storage.http2Fields
        fields.removeAll()
        fields.append(":status", decimal: answer.status)
        AnswerFields.append(
            answer, requestID: exchange.requestID, date: self.environment.clock.httpDate, via: "2 product-gateway",
            to: fields)
        do throws(HTTP2Error) {
            try session.submitResponse(streamID: exchange.streamID, fields: fields, body: body)
            self.unreadBytes += body.count
            exchange.unreadBytes = body.count
            self.countMemory()
            if !exchange.hasReceivedEnd { self.answeredEarly(exchange.streamID) }
            self.environment.flushQueue.countMessage()
            self.markDirty()
        } catch .streamClosed {
            // The caller has reset the stream; its close is on the way.
            exchange.unsentBytes = body.count
        } catch {
            self.fail(error)
        }
    }

    func sendContinue(for exchange: CallerRequest) {
        guard let session = self.session else { return }
        let fields = self.environment.storage.http2Fields
        fields.removeAll()
        fields.append(":status", "100")
        do throws(HTTP2Error) {
            try session.submitInterimResponse(streamID: exchange.streamID, fields: fields)
            self.markDirty()
        } catch {
            self.fail(error)
        }
    }

    func isCrowded(by endpoint: ObjectIdentifier) -> Bool {
        let share = self.environment.limits.streamsConcurrentMax / 2
        guard self.exchanges.count > share else { return false }
        return self.exchanges.values.count { $0.waits(for: endpoint) } >= share
    }

    func isReading(_ exchange: CallerRequest) -> Bool {
        guard let session = self.session, self.exchanges.holds(exchange, for: exchange.streamID) else { return false }
        return exchange.pace.isKept(
            answer: exchange.unreadBytes - session.unsentBytes(of: exchange.streamID),
            connection: session.isWindowOpen(of: exchange.streamID) ? self.sentBytes : nil,
            within: self.environment.limits.answerTimeoutNanoseconds)
    }

    func cutOff(_ exchange: CallerRequest) {
        guard self.exchanges.holds(exchange, for: exchange.streamID), let context = self.context else { return }
        exchange.isCutOff = true
        self.environment.metrics.add(to: .callersCutOff)
        guard context.channel.isWritable else {
            // It does not even take the reset: the whole connection stands still.
            self.close()
            return
        }
        self.reset(exchange.streamID, code: .cancel)
    }

    func abandonedRequestEnded() {
        self.abandonedExchanges -= 1
    }

    func giveCredit(of bytes: Int, to exchange: CallerRequest) {
        guard bytes > 0, self.exchanges.holds(exchange, for: exchange.streamID), let session = self.session else {
            return
        }
        do throws(HTTP2Error) {
            try session.consumeStream(exchange.streamID, bytes)
            self.markDirty()
        } catch {
            self.fail(error)
        }
    }

    func heldBytesChanged(by difference: Int, of exchange: CallerRequest) {
        self.heldBytes += difference
        guard self.withheldCredit > 0, self.heldBytes <= self.heldBytesMax, let session = self.session
        else { return }
        let credit = self.withheldCredit
        self.withheldCredit = 0
        do throws(HTTP2Error) {
            try session.consumeConnection(credit)
            self.markDirty()
        } catch {
            self.fail(error)
        }
    }
}
