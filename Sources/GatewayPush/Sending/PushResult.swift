import GatewayJSON

/// A line of the answer to a stream.
enum PushResult: Equatable {
    enum Outcome: String, Equatable, Sendable { case done, partial, rejected, unknown, notSent = "not_sent" }

    /// What became of a line at one of its targets; `target` is nil where it came to none, `code` where it failed not.
    case line(
        number: Int, target: String?, outcome: Outcome, status: Int, code: String?, isRetryable: Bool, isDryRun: Bool)
    /// The targets that are waited for, why and for how many seconds.
    case progress(waiting: [Waiting])
    case fatal(code: String, detail: String)
    case summary(isComplete: Bool)

    struct Waiting: Equatable, Sendable {
        let target: String
        let code: String
        let seconds: Int
    }

    /// Nil where the text is none of them: a gateway of a later version may say more.
    init?(_ text: UnsafeBufferPointer<UInt8>, tape: JSONTape) {
        guard let view = try? tape.parse(text, limits: JSONLimits(bytesMax: 8 << 20, depthMax: 64)),
            view[0].kind == .object
        else { return nil }
        if let number = view.integer("line", of: 0), let outcome = view.text("outcome", of: 0).flatMap(Outcome.init) {
            self = .line(
                number: number, target: view.text("target", of: 0), outcome: outcome,
                status: view.integer("status", of: 0) ?? 0,
                code: view.text("code", of: 0),
                isRetryable: view.member("retryable", of: 0).map { view[$0].kind == .true } ?? false,
                isDryRun: view.member("dryRun", of: 0) != nil)
        } else if let progress = view.member("progress", of: 0) {
            self = .progress(waiting: Self.waiting(view, progress))
        } else if let fatal = view.member("fatal", of: 0) {
            self = .fatal(
                code: view.text("code", of: fatal) ?? "", detail: view.text("detail", of: fatal) ?? "")
        } else if let summary = view.member("summary", of: 0) {
            let complete = view.member("complete", of: summary)
            self = .summary(isComplete: complete.map { view[$0].kind == .true } ?? false)
        } else {
            return nil
        }
    }

    private static func waiting(_ view: JSONView, _ progress: Int) -> [Waiting] {
        guard let list = view.member("waiting", of: progress), view[list].kind == .array else { return [] }
        var waiting: [Waiting] = []
        var item = list + 1
        while item < view.next(after: list) {
            waiting.append(
                Waiting(
                    target: view.text("target", of: item) ?? "", code: view.text("code", of: item) ?? "",
                    seconds: view.integer("seconds", of: item) ?? 0))
            item = view.next(after: item)
        }
        return waiting
    }
}

extension JSONView {
    fileprivate func text(_ name: StaticString, of index: Int) -> String? {
        guard let value = self.member(name, of: index), self[value].kind == .string else { return nil }
        return self.string(self[value])
    }

    fileprivate func integer(_ name: StaticString, of index: Int) -> Int? {
        guard let value = self.member(name, of: index), self[value].kind == .number else { return nil }
        return Int(String(decoding: self.raw(self[value]), as: UTF8.self))
    }
}
