/// What an operation has beyond one JSON body in one request: computed header fields, actions, forms, requests that
/// follow, answers of several shapes. Immutable.
final class SpecialRequests: Sendable {
    let compiledHeaders: CompiledHeaders
    /// Of every request, the constant ones among those that the dialect names included.
    let headers: [(name: String, value: String)]
    /// In the stated order.
    let actions: [ValuePlan]
    /// The names around the fields of a form.
    let formPrefix: [String]
    let formIsBare: Bool
    let following: [FollowingPlan]
    /// By status, where an answer is not as the dialect's `answer` says; nil within for one without a product.
    let answers: [(status: Int, plan: AnswerPlan?)]
    let partialStatuses: [Int]
    /// Statuses with which an update says that it has created the product.
    let creatingStatuses: [Int]
    /// What has to be taken from the answer to a read.
    let taken: [Taken]
    /// Whether the first request says which version of the product it is about, by itself: then nothing else guards it.
    /// A token against forged requests, or a cookie, says nothing of the kind.
    let takesVersion: Bool
    /// Whether that version is one that every product has in it.
    let takesVersionOfBody: Bool
    let wantsNumericID: Bool
    /// Whether a key has its place in what is sent.
    let writesKey: Bool
    /// What is asked before a create, for what it takes from the answer; nil where nothing is.
    let preparation: ReadPlan?
    let encoding: Dialect.Encoding
    let isNeeded: Bool

    init(
        _ operation: Dialect.Operation, of dialect: Dialect, _ options: ResolvedOptions, envelope: Envelope,
        groupPaths: [[String]]
    ) {
        let headers = CompiledHeaders(
            operation.headers, encoding: operation.encoding, contentType: operation.contentType, options,
            sendsWeakTags: dialect.read?.sendsWeakTags ?? false)
        self.compiledHeaders = headers
        self.headers = headers.constant
        self.actions = operation.actions.map { ValuePlan($0, options) }
        self.formPrefix = envelope.prefix
        self.formIsBare = envelope.isBare
        self.following = operation.following.enumerated().map { position, request in
            let root = groupPaths.firstIndex(of: [OperationPlanBuilder.root(ofRequest: position)])
            return FollowingPlan(request, of: dialect, options, group: Int16(root ?? 0))
        }
        self.answers = operation.success.compactMap { success in
            switch success.content {
            case .product: nil
            case .nothing: (success.status, nil)
            case .shape(let answer): (success.status, AnswerPlan(dialect: dialect, answer: answer, options: options))
            }
        }
        self.partialStatuses = operation.partialStatuses
        self.creatingStatuses = operation.success.filter(\.creates).map(\.status)
        self.taken = (operation.taken + operation.following.flatMap(\.taken)).filter { $0.answer == .read }
        let own = operation.taken.filter { $0.answer == .read }
        self.takesVersionOfBody = own.contains { if case .pointer = $0.place { true } else { false } }
        self.takesVersion = self.takesVersionOfBody || own.contains { $0.place == .header("etag") }
        self.encoding = operation.encoding
        self.writesKey = operation.writesKey
        self.preparation = operation.preparation.map { ReadPlan(compiling: $0, of: dialect, for: options) }
        let path = FilledTemplate(operation.path, options)
        self.wantsNumericID = path.wantsNumber || envelope.before.wantsNumber || envelope.after.wantsNumber
        self.isNeeded =
            !headers.filled.isEmpty || !self.actions.isEmpty || operation.encoding == .form
            || !self.following.isEmpty || !self.answers.isEmpty || !self.partialStatuses.isEmpty
            || !self.creatingStatuses.isEmpty
            || !self.taken.isEmpty || self.wantsNumericID || self.writesKey || envelope.layout == .members
    }

    /// What has to be kept of the answer to a read beside its body.
    var wantedOfRead: [String] {
        (self.taken + self.following.flatMap(\.taken).filter { $0.answer == .previous }).flatMap(\.headers)
    }

    /// Whether who changes what is to be known of each request: for what may be done in part.
    var tracksFields: Bool { !self.following.isEmpty || !self.partialStatuses.isEmpty }
}

/// Header fields of one request, compiled.
struct CompiledHeaders {
    let constant: [(name: String, value: String)]
    let filled: [(name: String, value: FilledTemplate)]
    /// Whether the vendor wants weak entity tags back.
    private let sendsWeakTags: Bool

    init(
        _ headers: [Dialect.Header], encoding: Dialect.Encoding, contentType: String?, _ options: ResolvedOptions,
        hasBody: Bool = true, sendsWeakTags: Bool = false
    ) {
        var constant: [(name: String, value: String)] = []
        var filled: [(name: String, value: FilledTemplate)] = []
        if hasBody {
            constant.append(
                (
                    "content-type",
                    contentType ?? (encoding == .form ? "application/x-www-form-urlencoded" : "application/json")
                ))
        }
        if !headers.contains(where: { $0.name == "accept" }) { constant.append(("accept", "application/json")) }
        for header in headers {
            let template = FilledTemplate(header.value, options)
            if header.value.isSettled {
                constant.removeAll { $0.name == header.name }
                constant.append((header.name, String(decoding: template.text(id: nil, .none), as: UTF8.self)))
            } else {
                filled.append((header.name, template))
            }
        }
        self.constant = constant
        self.filled = filled
        self.sendsWeakTags = sendsWeakTags
    }
}

extension CompiledHeaders {
    /// What fields are filled with from an earlier answer.
    var taken: [Taken] { self.filled.flatMap(\.value.taken) }

    /// Whether a field's value can be written: without control characters.
    static func isFieldText(_ text: some Sequence<UInt8>) -> Bool { text.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    /// All fields of one request. A precondition that nothing is known for is left out.
    func headers(id: ProductID?, _ fillings: Fillings) -> [(name: String, value: String)] {
        guard !self.filled.isEmpty else { return self.constant }
        var headers = self.constant
        for (name, template) in self.filled {
            let value = String(decoding: template.text(id: id, fillings), as: UTF8.self)
            // Only a strong tag can match (RFC 9110 §13.1.1), whatever a vendor says that wants others; and a field
            // must not hold a line's end.
            if name == "if-match", !EntityTag.guards(value, evenIfWeak: self.sendsWeakTags), !value.contains("{") {
                continue
            }
            if Self.isFieldText(value.utf8), !value.isEmpty { headers.append((name, value)) }
        }
        return headers
    }
}

/// A request that follows the first one of a change, compiled. Immutable.
final class FollowingPlan: Sendable {
    let condition: Dialect.FollowingRequest.Condition
    let method: String
    let path: FilledTemplate
    let headers: CompiledHeaders
    let envelope: Envelope?
    let encoding: Dialect.Encoding
    let successStatuses: [Int]
    let taken: [Taken]
    /// How its answers are read for what tells of a failure; nil where their status says all.
    let answer: AnswerPlan?
    /// Of the fields that it carries in the place of the first request; 0 where it carries none.
    let group: Int16

    init(
        _ request: Dialect.FollowingRequest, of dialect: Dialect, _ options: ResolvedOptions, group: Int16
    ) {
        self.group = group
        self.condition = request.condition
        self.method = request.method
        self.path = FilledTemplate(request.path, options)
        self.headers = CompiledHeaders(
            request.headers, encoding: request.encoding, contentType: request.contentType, options,
            hasBody: request.body != nil, sendsWeakTags: dialect.read?.sendsWeakTags ?? false)
        self.envelope = request.body.map { Envelope($0, encoding: request.encoding, options) }
        self.encoding = request.encoding
        self.successStatuses = request.successStatuses
        self.taken = request.taken
        self.answer =
            request.failures.isEmpty
            ? nil
            : AnswerPlan(dialect: dialect, answer: Dialect.Answer(failures: request.failures), options: options)
    }
}
