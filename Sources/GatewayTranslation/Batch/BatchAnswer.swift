import GatewayJSON

/// Takes the answer to a batch apart: for each line the answer that a request of its own would have had.
///
/// Guesses nothing. A line of which the answer says nothing, or says two things, has none.
struct BatchAnswer {
    let plan: BatchPlan
    /// What was sent, in its order.
    let items: [VendorRequest]
    let answer: VendorAnswer
    /// Whether a text tells of a failure, whatever its status says.
    let tellsOfFailure: (JSONView) -> Bool
    private var answers: [VendorAnswer?]
    private var isTold: [Bool]

    init(
        _ answer: VendorAnswer, to items: [VendorRequest], by plan: BatchPlan,
        tellsOfFailure: @escaping (JSONView) -> Bool
    ) {
        self.tellsOfFailure = tellsOfFailure
        self.plan = plan
        self.items = items
        self.answer = answer
        self.answers = Array(repeating: nil, count: items.count)
        self.isTold = Array(repeating: false, count: items.count)
    }

    /// - Returns: nil where the answer as a whole cannot be read.
    mutating func takenApart(on tape: JSONTape, limits: JSONLimits) -> [VendorAnswer?]? {
        switch self.plan.results.place {
        case .list(let tokens): self.takeList(at: tokens, on: tape, limits) ? self.answers : nil
        case .lines: self.takeLines(on: tape, limits) ? self.answers : nil
        }
    }

    private mutating func takeList(at tokens: [String], on tape: JSONTape, _ limits: JSONLimits) -> Bool {
        self.answer.body.withUnsafeBufferPointer { body in
            guard let view = try? tape.parse(body, limits: limits), let list = view.value(at: tokens),
                view.kind(of: list) == .array, !self.tellsOfFailure(view)
            else { return false }
            let count = view.childCount(of: list)
            var child = list + 1
            for position in 0..<count {
                self.take(child, in: view, position: position, of: count)
                child = view.next(after: child)
            }
            return true
        }
    }

    private mutating func takeLines(on tape: JSONTape, _ limits: JSONLimits) -> Bool {
        let lines = self.answer.body.split(separator: UInt8(ascii: "\n")).filter { line in
            line.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\t") }
        }
        for (position, line) in lines.enumerated() {
            // One that cannot be read says nothing; the others do.
            line.withUnsafeBufferPointer { text in
                guard let view = try? tape.parse(text, limits: limits) else { return }
                self.take(0, in: view, position: position, of: lines.count)
            }
        }
        return true
    }

    private mutating func take(_ item: Int, in view: JSONView, position: Int, of count: Int) {
        guard let index = self.line(of: item, in: view, position: position, of: count) else { return }
        // Two results of one line contradict each other, whatever they say.
        self.answers[index] = self.isTold[index] ? nil : self.single(item, in: view)
        self.isTold[index] = true
    }

    /// Whose result it is, as an index.
    private func line(of item: Int, in view: JSONView, position: Int, of count: Int) -> Int? {
        switch self.plan.results.match {
        case .position:
            return count == self.items.count ? position : nil
        case .line(let tokens):
            guard let number = view.value(at: tokens, from: item).flatMap({ Self.number($0, in: view) }),
                (1...self.items.count).contains(number)
            else { return nil }
            return number - 1
        case .id(let tokens):
            guard let found = view.value(at: tokens, from: item) else { return nil }
            let entry = view[found]
            let id = entry.kind == .string ? view.decoded(entry) : Array(view.raw(entry))
            return self.items.firstIndex { $0.id == id }
        }
    }

    /// The item as the answer to a request of its own; nil where it does not say how that went.
    private func single(_ item: Int, in view: JSONView) -> VendorAnswer? {
        let results = self.plan.results
        var status: Int?
        if let tokens = results.status {
            status = view.value(at: tokens, from: item).flatMap { Self.number($0, in: view) }
        }
        if let tokens = results.error, let error = view.value(at: tokens, from: item), view.kind(of: error) != .null {
            guard let status, !(200...299).contains(status) else { return nil }
            return self.single(status, Array(view.raw(view[error])))
        }
        if results.status == nil || (status == nil && results.error != nil) { status = self.plan.statusUnlessSaid }
        guard let status else { return nil }
        let raw = Array(view.raw(view[item]))
        guard (200...299).contains(status) else { return self.single(status, raw) }
        // What has no body by its status has none here (RFC 9110 §15.3.5, §15.3.6).
        return self.single(
            status, status == 204 || status == 205 ? [] : VendorAnswer.enveloped(raw, at: results.envelope))
    }

    private func single(_ status: Int, _ body: [UInt8]) -> VendorAnswer {
        VendorAnswer(status: status, body: body, requestID: self.answer.requestID)
    }

    private static func number(_ index: Int, in view: JSONView) -> Int? {
        guard view.kind(of: index) == .number else { return nil }
        return Int(String(decoding: view.raw(view[index]), as: UTF8.self))
    }
}
