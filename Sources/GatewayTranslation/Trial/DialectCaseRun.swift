import GatewayJSON

/// Runs a golden case and describes what came out, line by line. Pure.
package struct DialectCaseRun {
    let file: DialectCase
    let plan: TargetPlan
    let translator = Translator()

    /// Sun, 06 Nov 1994 08:49:30 GMT
    static let now = 784_111_770

    package init(_ file: DialectCase, at plan: TargetPlan) {
        self.file = file
        self.plan = plan
    }

    /// What is wrong, a line each; none where the case holds.
    ///
    /// Lines stand in an order: requests follow one another, and what is said of an error stands behind it. Whatever
    /// comes out beyond what is expected, or elsewhere, is a mistake; but a case may leave out the wording.
    package func mistakes() -> [String] {
        let lines = self.outcome()
        let expected = self.file.expectation.map(Self.normalised)
        let difference = expected.difference(from: lines)
        var mistakes: [String] = []
        for case .insert(_, let line, _) in difference.insertions {
            mistakes.append(lines.contains(line) ? "expected here: \(line)" : "expected: \(line)")
        }
        for case .remove(_, let line, _) in difference.removals where Self.mustBeExpected(line) {
            mistakes.append(expected.contains(line) ? "not expected here: \(line)" : "not expected: \(line)")
        }
        return mistakes
    }

    package func outcome() -> [String] {
        do throws(Problem) {
            if self.file.settings["batch"] != nil { return try self.batched() }
            guard let status = self.file.settings["status"].flatMap({ Int($0) }) else { return try self.translated() }
            return try self.folded(status)
        } catch {
            return self.lines(error)
        }
    }

    // MARK: Translating

    private func translated() throws(Problem) -> [String] {
        if self.file.operation == .read { return self.lines(try self.plan.readRequest(of: self.file.id ?? [])) }
        let request = try self.merged(
            self.translator.translate(
                self.file.operation, for: self.plan, id: self.file.id, body: self.file.input,
                handling: self.file.handling))
        var lines = self.lines(request)
        var last = request
        for _ in 0..<Self.requestsMax {
            guard let next = try self.next(after: last) else { break }
            lines += self.lines(next).map { $0.hasPrefix("{") ? $0 : "then: " + $0 }
            last = next
        }
        return lines + self.lines(request.warnings)
    }

    /// More than any update has translations.
    private static let requestsMax = 100

    /// The request that follows one that has succeeded, with the answer that the case gives.
    private func next(after request: VendorRequest) throws(Problem) -> VendorRequest? {
        let answer = VendorAnswer(
            status: 200, body: Array((self.file.settings["answer"] ?? "{}").utf8), headers: self.file.headers)
        let product = CanonicalAnswer(
            id: request.id ?? self.file.settings["id"].map { Array($0.utf8) } ?? Array("NEW".utf8), product: [],
            warnings: [], vendorStatus: 200, vendorRequestID: nil)
        return try self.translator.next(after: request, answer, product: product, for: self.plan)
    }

    /// For vendors that are read first: `read` is what the vendor answers when asked.
    private func merged(_ request: VendorRequest) throws(Problem) -> VendorRequest {
        guard let read = self.file.settings["read"] else { return request }
        let status = self.file.settings["read-status"].flatMap { Int($0) } ?? 200
        let answer = VendorAnswer(
            status: status, body: Array(read.utf8), retryAfter: self.file.settings["retry-after"],
            etag: self.file.settings["etag"], headers: self.file.headers)
        return try self.translator.merge(
            request, of: self.file.operation, into: answer, for: self.plan, nowEpochSeconds: Self.now)
    }

    // MARK: Folding

    private func folded(_ status: Int) throws(Problem) -> [String] {
        let answer = VendorAnswer(
            status: status, body: self.file.input, isComplete: self.file.settings["cut"] == nil,
            retryAfter: self.file.settings["retry-after"], requestID: self.file.settings["request-id"],
            headers: self.file.headers)
        var request: VendorRequest?
        if let sent = self.file.settings["sent"] {
            request = try self.translator.translate(
                self.file.operation, for: self.plan, id: self.file.id, body: Array(sent.utf8))
            for _ in 0..<(self.file.settings["step"].flatMap { Int($0) } ?? 0) {
                guard let before = request else { break }
                request = try self.next(after: before)
            }
        }
        let folded: FoldedAnswer
        if self.file.operation == .read {
            let read = try self.plan.readRequest(of: self.file.id ?? [])
            folded = self.translator.foldRead(answer, to: read, for: self.plan, nowEpochSeconds: Self.now)
        } else {
            folded = self.translator.fold(
                answer, to: request, operation: self.file.operation, for: self.plan, nowEpochSeconds: Self.now)
        }
        switch folded {
        case .product(let product): return self.lines(product)
        case .problem(let problem): return self.lines(problem)
        }
    }
}
