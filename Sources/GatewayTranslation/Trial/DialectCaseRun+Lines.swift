import GatewayJSON

/// What came out, as lines.
extension DialectCaseRun {
    func lines(_ request: VendorRequest) -> [String] {
        self.lines(request, body: request.body.isEmpty ? [] : [String(decoding: request.body, as: UTF8.self)])
    }

    /// - Parameter body: one JSON text, or one a line.
    func lines(_ request: VendorRequest, body: [String]) -> [String] {
        var lines = ["\(request.method) \(request.pathText)"] + body.map(Self.normalised)
        for header in request.headers where !Self.isUsual(header) { lines.append("\(header.name): \(header.value)") }
        return lines
    }

    /// Fields that a case need not speak of.
    private static func isUsual(_ header: (name: String, value: String)) -> Bool {
        header.value == "application/json" && (header.name == "content-type" || header.name == "accept")
    }

    func lines(_ answer: CanonicalAnswer) -> [String] {
        var lines =
            answer.product.isEmpty ? ["no product"] : [Self.normalised(String(decoding: answer.product, as: UTF8.self))]
        if let id = answer.id { lines.append("id: " + String(decoding: id, as: UTF8.self)) }
        return lines + self.lines(answer.warnings)
    }

    func lines(_ warnings: [Warning]) -> [String] {
        warnings.map { "warning: \($0.pointer) \($0.code.rawValue)" }
    }

    func lines(_ problem: Problem) -> [String] {
        var lines = [
            "problem: \(problem.status) \(problem.code.rawValue) \(problem.origin.rawValue) \(problem.outcome.rawValue)"
                + (problem.isRetryable ? " retryable" : ""),
            "detail: \(problem.detail)",
        ]
        for error in problem.errors {
            lines.append("error: \(error.pointer ?? "-") \(error.code)")
            lines.append("says: \(error.detail)")
        }
        if !problem.done.isEmpty { lines.append("done: " + problem.done.joined(separator: " ")) }
        if let id = problem.productID { lines.append("product-id: \(id)") }
        if let seconds = problem.retryAfterSeconds { lines.append("retry-after: \(seconds)") }
        guard let vendor = problem.vendor else { return lines }
        for (name, value) in [
            ("code", vendor.code), ("title", vendor.title), ("detail", vendor.detail), ("requestId", vendor.requestID),
            ("bodyStatus", vendor.bodyStatus),
        ] {
            if let value { lines.append("vendor.\(name): \(value)") }
        }
        return lines
    }

    /// A line of JSON without white space between its tokens; every other line as it is.
    package static func normalised(_ line: String) -> String {
        guard line.hasPrefix("{") else { return line }
        var result = ""
        var isInString = false
        var isEscaped = false
        for character in line.unicodeScalars {
            if isInString {
                result.unicodeScalars.append(character)
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInString = false
                }
            } else if character != " " && character != "\n" {
                result.unicodeScalars.append(character)
                isInString = character == "\""
            }
        }
        return result
    }

    /// Wording may go unmentioned; what happened may not.
    static func mustBeExpected(_ line: String) -> Bool {
        !["detail: ", "says: ", "vendor."].contains { line.hasPrefix($0) }
    }
}
