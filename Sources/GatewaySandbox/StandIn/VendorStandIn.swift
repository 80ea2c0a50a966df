/// A simulation of one vendor: state and rules, no transport. Each is used under its own lock in `VendorSandbox`.
///
/// The skeleton (`answer`) is the same for all: token endpoint, bearer check, path, magic words, then the vendor's own
/// `perform`. Everything a caller can see of it is the vendor's: shapes, names and messages come from the page named in
/// the conforming type.
protocol VendorStandIn: Sendable {
    static var vendor: SandboxVendor { get }
    /// Every word this vendor knows.
    static var provocations: ProvocationTable { get }
    /// The token endpoints' and products' paths, for the landing document.
    static var paths: [String] { get }

    var onceMemory: OnceMemory { get set }

    init(_ options: SandboxOptions)

    /// The answer to a request for a token, or nil when the path is not a token endpoint.
    mutating func answerToken(_ call: VendorCall) -> VendorAnswer?
    /// Nil when the bearer token is good; otherwise the vendor's answer.
    func refuseBearer(_ call: VendorCall) -> VendorAnswer?
    /// The segments behind the vendor's products path: none for the collection, one for a product; nil for other paths.
    func productSegments(_ target: RequestTarget) -> [String]?
    /// Where a create carries its magic words.
    func creationID(_ call: VendorCall) -> String
    mutating func perform(_ operation: ProductOperation, _ call: VendorCall) -> VendorAnswer
    /// The answer to a search among the products; nil where the vendor's search is not played.
    func search(_ call: VendorCall) -> VendorAnswer?
    /// The vendor's shape for a failure it does not document in detail: unknown paths, wrong methods, no tokens left.
    func plainError(_ status: Int, _ message: String) -> VendorAnswer

    var tokensIssued: Int { get }
    mutating func expireTokens()
    /// What is held, for the control API and the landing document.
    func heldProducts() -> [SandboxJSON]
}

extension VendorStandIn {
    func search(_ call: VendorCall) -> VendorAnswer? { nil }

    mutating func answer(_ call: VendorCall) -> VendorAnswer {
        if let answer = self.answerToken(call) { return answer }
        if let refusal = self.refuseBearer(call) { return refusal }
        guard let segments = self.productSegments(call.target), segments.count <= 1 else {
            return self.plainError(404, "Not Found")
        }
        if call.method == "GET", segments.isEmpty, let found = self.search(call) { return found }
        guard let operation = Self.operation(call.method, onProduct: segments.count == 1) else {
            return self.plainError(405, "Method Not Allowed")
        }
        var call = call
        let id = segments.first ?? self.creationID(call)
        call.marks = MagicMarks(id: id, known: Self.provocations)
        if let words = call.headers.first("sandbox-provoke") {
            call.marks.add(words: words, known: Self.provocations)
        }
        if call.marks.marks.isEmpty { return self.perform(operation, call) }
        self.dropSpentMarks(&call)
        return self.answerProvoked(operation, call)
    }

    private static func operation(_ method: String, onProduct: Bool) -> ProductOperation? {
        switch (method, onProduct) {
        case ("POST", false): .create
        case ("GET", true): .read
        case ("PUT", true): .update
        case ("DELETE", true): .delete
        default: nil
        }
    }

    private mutating func dropSpentMarks(_ call: inout VendorCall) {
        var memory = self.onceMemory
        let id = call.marks.rawID
        call.marks.removeAll { mark in
            mark.isOnce && !memory.spend(mark.provocation.word, id: id)
        }
        self.onceMemory = memory
    }

    private mutating func answerProvoked(_ operation: ProductOperation, _ call: VendorCall) -> VendorAnswer {
        var fault = SandboxTransportFault.none
        var answer: VendorAnswer?
        for mark in call.marks.marks {
            let context = Provocation.Context(vendor: Self.vendor, id: call.marks.id, number: mark.number)
            switch mark.provocation.effect(context) {
            case .answer(let provoked): answer = answer ?? provoked
            case .fault(let other): fault = fault.joined(with: other)
            case .behaviour: break
            }
        }
        if fault.act.meansNotProcessed { answer = answer ?? VendorAnswer(status: 503) }
        var result = answer ?? self.perform(operation, call)
        result.fault = fault
        return result
    }
}

extension SandboxTransportFault.Act {
    /// The acts that promise the requester that nothing was done (RFC 9113 sections 6.8 and 8.7).
    var meansNotProcessed: Bool { self == .refusedStream || self == .goAwayRefused }
}
