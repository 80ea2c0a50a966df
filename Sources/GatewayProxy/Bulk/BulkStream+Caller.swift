import GatewayTranslation

/// What a stream gives to its caller, credit and results, and what it has of it.
extension BulkStream {
    func giveCredit() {
        self.host?.hold(self.reader.bytesHeld + self.lineBytesHeld)
        guard self.uncredited > 0 else { return }
        // For what has been taken; and, where there is room and no whole line, for the rest of the one that is coming.
        let isDry =
            self.state.isInputOver
            || (self.hasRoom && self.linesInTurn < BulkLimits.linesPerTurn && self.awaitedLine == nil)
        let credit = self.uncredited - (isDry ? 0 : self.reader.bytesHeld)
        guard credit > 0 else { return }
        self.uncredited -= credit
        self.host?.giveCredit(of: credit)
    }

    func sendResults() {
        guard !self.results.isEmpty, let host = self.host, !self.state.isEnded else { return }
        let bytes = self.results.take()
        if self.unreadBytes == 0 { self.readAt = self.now }
        self.unreadBytes += bytes.count
        host.extend(by: bytes, isEnd: false)
        if self.unreadBytes > BulkLimits.heldBytesMax, !self.state.isInputOver { self.end(.resultsNotRead) }
    }

    /// Lines are under way, or wait to be.
    var hasLines: Bool { self.linesHeld > 0 }

    /// The line that the caller is sending, and may go on with.
    var lineComing: Int? { self.reader.isWithinText && self.hasRoom ? self.reader.nextNumber : nil }

    /// The caller may send, and nothing keeps the stream busy meanwhile.
    var awaitsCaller: Bool { !self.hasLines && self.hasRoom && self.awaitedLine == nil }

    /// Tells what came of a line at one of its targets.
    func tell(_ line: BulkLine, _ delivery: Delivery) {
        let target = delivery.target.name
        switch delivery.result {
        case .product(let product) where !self.question.preferences.isMinimal:
            self.results.append(
                number: line.number, id: delivery.productID ?? line.id, target: target,
                status: line.operation == .create ? 201 : 200, warnings: product.warnings)
        case .dryRun where !self.question.preferences.isMinimal:
            self.results.append(number: line.number, id: line.id, dryRunFor: target)
        case .product, .dryRun:
            break
        case .problem(let problem):
            self.results.append(number: line.number, id: line.id, problem, requestID: line.requestID.string)
        case .vendorDocument, nil:
            self.results.append(
                number: line.number, id: line.id, .unfinished(target: target), requestID: line.requestID.string)
        }
    }
}
