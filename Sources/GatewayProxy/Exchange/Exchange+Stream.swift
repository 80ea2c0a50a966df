import GatewayTranslation

/// A stream of updates in the place of one: what has been let in is led into it, and its results go to the caller.
extension Exchange: BulkHost {
    /// The stream may come in.
    ///
    /// - Parameter isWhole: all of it has come while that was decided.
    func beginStream(isWhole: Bool) {
        self.environment.deadlines.cancel(self)
        self.asksVendors = !self.question.isDryRun
        let body = self.body.bytes
        self.body = ReceivedBody()
        let trace = self.environment.recorder.streamTrace(&self.trace)
        self.record.streamTrace = trace
        let stream = BulkStream(
            self.question.copy(), requestID: self.requestID, host: self, environment: self.environment.streams,
            limits: self.environment.limits, record: self.streamRecord, trace: trace)
        self.streamRecord = nil
        self.stream = stream
        if self.expectsContinue { self.sink?.sendContinue(for: self) }
        stream.start()
        if !body.isEmpty { body.withUnsafeBytes { _ = stream.receive($0) } }
        if isWhole { stream.receiveEnd() }
    }

    /// Claims the key of a stream.
    ///
    /// - Returns: whether the stream comes in when that is decided; without a key that counts it does at once.
    func claimStream() -> Bool {
        switch self.environment.streams.records.record(of: self.question, requestID: self.requestID) {
        case nil: return false
        case .failure(let problem): self.refuse(problem)
        case .success(let record):
            record.open { problem in
                // The caller may have gone meanwhile.
                guard self.machine.isAdmitting else { return record.cut() }
                if let problem { return self.refuse(problem) }
                self.streamRecord = record
                self.record.key = RecordedKey(
                    digits: record.recordDigits, earlierRequestID: record.earlierRequestID)
                self.admitted()
            }
        }
        return true
    }

    /// Looks up what is kept of a stream with this key.
    func inquire(_ key: [UInt8]) {
        if let problem = CallerAdmission.refusal(
            ofInquiry: &self.question, now: self.environment.clock.now())
        {
            return self.refuse(problem)
        }
        let records = self.environment.streams.records
        guard let inquiry = records.inquiry(about: key, of: self.question.caller) else {
            return self.refuse(.storeUnavailable(reason: "cannot name a record"))
        }
        inquiry.start { result in
            guard self.machine.isAdmitting else { return }
            switch result {
            case .failure(let problem): self.refuse(problem)
            case .success(nil): self.refuse(.nothingKept)
            case .success(let document?): self.answer(Answer(status: 200, contentType: .json, body: document))
            }
        }
    }

    func receiveStreamed(_ bytes: UnsafeRawBufferPointer) -> BodyTaking {
        self.record.bytesReceived += bytes.count
        return self.stream?.receive(bytes) == true ? .keptWithoutCredit : .unwanted
    }

    // MARK: Told by the stream

    func begin(_ answer: Answer) {
        self.record.status = answer.status
        self.sink?.begin(answer, for: self)
    }

    func extend(by bytes: [UInt8], isEnd: Bool) {
        self.record.bytesSent += bytes.count
        self.sink?.extend(by: bytes, isEnd: isEnd, for: self)
    }

    func beginChange(_ part: BulkPart) -> Bool {
        guard let trail = self.environment.audit, self.isChange, part.change == nil else { return true }
        part.change = trail.begin(part.line.product, targets: 1)
        return part.change != nil
    }

    func recordChange(_ delivery: Delivery, of part: BulkPart) {
        guard let trail = self.environment.audit, var change = part.change else { return }
        part.change = nil
        trail.record(
            delivery, of: self.question.identity, &change, address: self.record.caller,
            ids: AuditIDs(requestID: part.line.requestID, trace: self.trace))
    }

    func hold(_ bytes: Int) { self.hold(bytes, capacity: 0) }

    func giveCredit(of bytes: Int) { self.sink?.giveCredit(of: bytes, to: self) }

    func streamEnded(_ totals: StreamTotals) {
        let ending = self.machine.streamEnded()
        guard ending != .doNothing else { return }
        self.hold(0)
        self.noteStream(totals)
        self.environment.underWay.ended()
        if ending == .answered {
            // What is left is to be read, as of any answer; the record is written when that is over.
            self.record.refusal = self.stream?.state.fatal
            self.environment.deadlines.schedule(self, in: self.environment.limits.answerTimeoutNanoseconds)
        } else {
            self.record.end = .callerLeft
            self.writeRecord()
            if self.isAbandoned {
                self.sink?.abandonedRequestEnded()
                self.environment.underWay.abandonedEnded(self)
            }
            self.sink = nil
        }
        self.stream = nil
    }
}
