import GatewayJSON
import GatewayTranslation

/// Runs a case and describes what came out, line by line.
struct CaseRun {
    let file: CaseFile

    /// Sun, 06 Nov 1994 08:49:30 GMT
    private static let now = 784_111_770

    func outcome() throws -> [String] {
        let plan = try self.file.plan()
        let translator = Translator()
        guard let status = self.file.settings["status"].flatMap({ Int($0) }) else {
            do throws(Problem) {
                let request = try translator.translate(
                    self.file.operation, for: plan, id: self.file.id, body: self.file.input,
                    handling: self.file.handling)
                return self.lines(try self.merged(request, translator, plan))
            } catch {
                return self.lines(error)
            }
        }
        let answer = VendorAnswer(
            status: status, body: self.file.input, isComplete: self.file.settings["cut"] == nil,
            retryAfter: self.file.settings["retry-after"], requestID: self.file.settings["request-id"])
        let request = try self.file.settings["sent"].map {
            try translator.translate(self.file.operation, for: plan, id: self.file.id, body: Array($0.utf8))
        }
        switch translator.fold(
            answer, to: request, operation: self.file.operation, for: plan, nowEpochSeconds: Self.now)
        {
        case .product(let product): return self.lines(product)
        case .problem(let problem): return self.lines(problem)
        }
    }

    /// For vendors whose update replaces: `read` is what the vendor answers when asked first.
    private func merged(
        _ request: VendorRequest, _ translator: Translator, _ plan: TargetPlan
    ) throws(Problem) -> VendorRequest {
        guard let read = self.file.settings["read"] else { return request }
        let status = self.file.settings["read-status"].flatMap { Int($0) } ?? 200
        let answer = VendorAnswer(
            status: status, body: Array(read.utf8), retryAfter: self.file.settings["retry-after"],
            etag: self.file.settings["etag"])
        return try translator.merge(
            request, of: self.file.operation, into: answer, for: plan, nowEpochSeconds: Self.now)
    }

    private func lines(_ request: VendorRequest) -> [String] {
        var lines = [
            "\(request.method) \(request.pathText)", Self.normalised(String(decoding: request.body, as: UTF8.self)),
        ]
        for header in request.headers where header.name == "if-match" { lines.append("if-match: \(header.value)") }
        return lines + self.lines(request.warnings)
    }

    private func lines(_ answer: CanonicalAnswer) -> [String] {
        var lines =
            answer.product.isEmpty ? ["no product"] : [Self.normalised(String(decoding: answer.product, as: UTF8.self))]
        if let id = answer.id { lines.append("id: " + String(decoding: id, as: UTF8.self)) }
        return lines + self.lines(answer.warnings)
    }

    private func lines(_ warnings: [Warning]) -> [String] {
        warnings.map { "warning: \($0.pointer) \($0.code.rawValue)" }
    }

    private func lines(_ problem: Problem) -> [String] {
        var lines = [
            "problem: \(problem.status) \(problem.code.rawValue) \(problem.origin.rawValue) \(problem.outcome.rawValue)"
                + (problem.isRetryable ? " retryable" : ""),
            "detail: \(problem.detail)",
        ]
        for error in problem.errors {
            lines.append("error: \(error.pointer ?? "-") \(error.code)")
            lines.append("says: \(error.detail)")
        }
        if let seconds = problem.retryAfterSeconds { lines.append("retry-after: \(seconds)") }
        if let vendor = problem.vendor {
            for (name, value) in [
                ("code", vendor.code), ("title", vendor.title), ("detail", vendor.detail),
                ("requestId", vendor.requestID),
                ("bodyStatus", vendor.bodyStatus),
            ] {
                if let value { lines.append("vendor.\(name): \(value)") }
            }
        }
        return lines
    }

    /// A line of JSON without white space between its tokens; every other line as it is.
    static func normalised(_ line: String) -> String {
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
    static func mustBeExpected(_ line: String, _ expected: [String]) -> Bool {
        for prefix in ["detail: ", "says: ", "vendor."] where line.hasPrefix(prefix) { return false }
        return true
    }
}
