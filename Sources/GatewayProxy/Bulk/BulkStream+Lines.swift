import GatewayJSON
import GatewayTranslation

/// How a stream takes its lines.
extension BulkStream {
    /// Takes lines while there is room.
    func takeLines() {
        while !self.state.isInputOver, self.hasRoom, self.linesInTurn < BulkLimits.linesPerTurn {
            if let awaited = self.awaitedLine {
                guard self.record?.reaches(awaited.item.number) == true else { break }
                self.awaitedLine = nil
                awaited.text.withUnsafeBufferPointer { text in self.take(awaited.item) { $0(text) } }
                continue
            }
            guard let item = self.reader.next() else {
                if self.input.hasEnded { self.state.isInputOver = true }
                break
            }
            guard self.record == nil || self.reaches(item) else { break }
            if case .text(_, let bytes) = item {
                self.take(item) { read in self.reader.withBytes(bytes) { read($0) } }
            } else {
                self.take(item) { _ in }
            }
        }
        if self.reader.bytesPassedOver > BulkLimits.passedOverBytesMax {
            self.end(.bodyTooLarge(bytesMax: self.limits.requestBodyBytesMax))
        }
    }

    /// - Parameter withText: shows the item's text.
    private func take(
        _ item: JSONLineReader.Item, withText: ((UnsafeBufferPointer<UInt8>) -> Void) -> Void
    ) {
        self.linesInTurn += 1
        self.totals.lines += 1
        if let record = self.record { self.reach(item.number, in: record) }
        switch item {
        case .text(let number, _):
            var line: ReadLine?
            withText { line = self.read(number, $0) }
            if let line { self.take(number, line) }
        case .tooLong(let number):
            self.refuse(number, nil, .bodyTooLarge(bytesMax: self.limits.requestBodyBytesMax))
        case .unframed(let number):
            self.refuse(
                number, nil,
                Problem(.malformedJSON, detail: "Every text of a JSON text sequence begins with a record separator."))
        }
    }

    /// What a line says, and what is summed up of it where the stream has a key.
    private struct ReadLine {
        let request: Result<BulkRequest, BulkRequest.Refusal>
        let bytes: Int
        let digest: UInt64
    }

    private func read(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> ReadLine {
        let request: Result<BulkRequest, BulkRequest.Refusal>
        do throws(BulkRequest.Refusal) {
            request = .success(
                try BulkRequest.read(
                    text, tape: self.environment.tape,
                    limits: JSONLimits(
                        bytesMax: self.limits.requestBodyBytesMax + BulkLimits.lineOverheadBytes,
                        depthMax: self.limits.jsonDepthMax + 1),
                    targets: self.targetNames))
        } catch {
            request = .failure(error)
        }
        return ReadLine(
            request: request, bytes: text.count, digest: self.record?.digest(of: number, text) ?? 0)
    }

    private func take(_ number: Int, _ line: ReadLine) {
        switch line.request {
        case .failure(let refusal): self.refuse(number, refusal.id, refusal.problem)
        case .success(let request) where request.product.count > self.limits.requestBodyBytesMax:
            self.refuse(number, request.id, .bodyTooLarge(bytesMax: self.limits.requestBodyBytesMax))
        case .success(let request):
            let line = BulkLine(
                number: number, request: request, bytesHeld: line.bytes,
                requestID: RequestID(from: &self.environment.deliveries.random), digest: line.digest)
            self.begin(line, at: request.targets.isEmpty ? self.allLanes : request.targets)
        }
    }

    private func begin(_ line: BulkLine, at lanes: [Int]) {
        line.partsLeft = lanes.count
        self.linesHeld += 1
        self.lineBytesHeld += line.bytesHeld
        if let record = self.record {
            self.begin(line, at: lanes, in: record)
        } else {
            for index in lanes { self.queue(BulkPart(line: line, lane: self.lanes[index], stream: self)) }
        }
    }

    /// A part goes when it is its turn.
    func queue(_ part: BulkPart) {
        let lane = part.lane
        switch part.line.id.map({ lane.order.arrived(part, id: $0) }) ?? .go {
        case .go: lane.append(part)
        case .wait: break
        case .refuse: self.notSent(part, .predecessorFailed(target: lane.target.name))
        }
    }

    /// A line is sent nowhere: what it takes of the window is given back.
    func drop(_ line: BulkLine) {
        guard line.partsLeft > 0 else { return }
        self.lineBytesHeld -= line.bytesHeld
        line.dropProduct()
    }

    /// A line that none of the targets is asked about.
    private func refuse(_ number: Int, _ id: [UInt8]?, _ problem: Problem) {
        let requestID = RequestID(from: &self.environment.deliveries.random)
        self.totals.add(.notSent)
        self.environment.recorder.lineRefused(problem, at: self.place(number, requestID))
        if !self.state.isAbandoned {
            self.results.append(number: number, id: id, problem, requestID: requestID.string)
        }
    }
}
