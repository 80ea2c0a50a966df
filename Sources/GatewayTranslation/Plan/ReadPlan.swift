/// How a target's product is read as it is, compiled. Immutable.
final class ReadPlan: Sendable {
    let method: String
    let path: FilledTemplate
    let headers: CompiledHeaders
    /// Of a read that is asked for by POST.
    let body: FilledTemplate?
    let successStatuses: [Int]
    let staleStatuses: [Int]
    let staleCodes: [[UInt8]]
    let sendsWeakTags: Bool
    /// Where the answer to a read has another shape.
    let answer: AnswerPlan?
    /// What must not be written back of what was read.
    let omissions: Omissions

    init(compiling read: Dialect.Read, of dialect: Dialect, for options: ResolvedOptions) {
        self.method = read.method
        self.path = FilledTemplate(read.path, options)
        self.headers = CompiledHeaders(
            read.headers, encoding: .json, contentType: nil, options, hasBody: read.body != nil)
        self.body = read.body.map { Envelope($0, encoding: .json, options).before }
        self.staleStatuses = read.staleStatuses
        self.staleCodes = read.staleCodes.map { Array($0.utf8) }
        self.sendsWeakTags = read.sendsWeakTags
        self.answer = read.answer.map { AnswerPlan(dialect: dialect, answer: $0, options: options) }
        self.successStatuses = read.successStatuses
        self.omissions = Omissions(read.omitted)
    }
}
