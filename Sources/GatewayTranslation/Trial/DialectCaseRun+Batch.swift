import GatewayJSON

/// Lines of a stream that go together.
extension DialectCaseRun {
    /// The request of several lines, or what its answer says of each.
    func batched() throws(Problem) -> [String] {
        guard let status = self.file.settings["status"].flatMap({ Int($0) }) else {
            return try self.put(self.file.input)
        }
        let items = try self.items(Array((self.file.settings["sent"] ?? "[]").utf8)).compactMap { $0 }
        guard let request = self.plan.batch(items, of: self.file.operation) else { throw self.noBatch }
        let answer = VendorAnswer(
            status: status, body: self.file.input, isComplete: self.file.settings["cut"] == nil,
            retryAfter: self.file.settings["retry-after"], requestID: self.file.settings["request-id"],
            headers: self.file.headers)
        let folded = self.translator.takeApart(
            answer, to: request, of: items, operation: self.file.operation, for: self.plan,
            nowEpochSeconds: Self.now)
        switch folded {
        case .problem(let problem): return self.lines(problem)
        case .items(let answers):
            return zip(items, answers).enumerated().flatMap { position, told in
                ["line \(position + 1)"] + (told.1.map { self.lines(of: $0, to: told.0) } ?? ["alone"])
            }
        }
    }

    private func lines(of answer: VendorAnswer, to item: VendorRequest) -> [String] {
        let folded = self.translator.fold(
            answer, to: item, operation: self.file.operation, for: self.plan, nowEpochSeconds: Self.now)
        return switch folded {
        case .product(let product): self.lines(product)
        case .problem(let problem): self.lines(problem)
        }
    }

    private func put(_ text: [UInt8]) throws(Problem) -> [String] {
        let items = try self.items(text)
        guard let request = self.plan.batch(items.compactMap { $0 }, of: self.file.operation) else {
            throw self.noBatch
        }
        let alone = items.indices.filter { items[$0] == nil }.map { "alone: line \($0 + 1)" }
        let body = String(decoding: request.body, as: UTF8.self).split(separator: "\n").map(String.init)
        return self.lines(request, body: body) + alone
    }

    /// What each line comes to; nil where it goes alone.
    private func items(_ text: [UInt8]) throws(Problem) -> [VendorRequest?] {
        guard let lines = try? JSONDocument(parsing: text).root, lines.kind == .array else {
            throw Problem(.malformedJSON, detail: "The lines of a batch are an array of {\"id\", \"product\"}.")
        }
        return lines.elements.map { line in
            self.translator.item(
                self.file.operation, for: self.plan, id: line["id"]?.string.map { Array($0.utf8) },
                body: line["product"].map { Array($0.rawBytes) } ?? [], handling: self.file.handling, access: nil)
        }
    }

    private var noBatch: Problem {
        Problem(
            .invalidRequest, detail: "\(self.plan.dialectTitle) takes no batches of \(self.file.operation.rawValue)s.")
    }
}
