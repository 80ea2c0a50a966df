import GatewayTranslation

/// One reason to let a request in or not, found from its head: who asks, how much, how often.
///
/// Shared by all event loops; must not block one. An answer that takes time is given by the reply.
protocol AdmissionStep: Sendable {
    /// - Parameter reply: makes what carries a later answer back; called at most once, and only where the result is
    ///   `.later`.
    func admit(_ question: borrowing Question, reply: () -> LoopReply<AdmissionDecision>) -> AdmissionAnswer
}

/// What a step says at once.
enum AdmissionAnswer: Sendable {
    case admitted
    case refused(Problem)
    /// The reply will tell. The caller gets no credit for its body until then, and the exchange's deadline bounds it.
    case later
}

/// What a step says in the end.
enum AdmissionDecision: Sendable {
    case admitted
    case refused(Problem)
}

/// Decides whether a request may come in: a row of steps, one after the other, before the caller is given credit for
/// more of a body than comes by itself.
///
/// The row is made when the configuration is read; an empty one costs one comparison. Immutable, shared by all event
/// loops.
struct Admission: Sendable {
    /// Nobody has to be asked.
    static let open = Admission(steps: [])

    private let steps: [any AdmissionStep]

    init(steps: [any AdmissionStep]) {
        self.steps = steps
    }

    /// What came of asking the steps.
    enum Result {
        case admitted
        case refused(Problem)
        /// A step will tell by its reply; `decide` goes on after it.
        case waiting
    }

    /// Asks the steps from `first` on, until one refuses or takes its time.
    ///
    /// - Parameter reply: makes what carries a later answer of the step at that position back to the event loop.
    func decide(
        _ question: borrowing Question, from first: Int = 0, reply: (_ step: Int) -> LoopReply<AdmissionDecision>
    ) -> Result {
        guard first < self.steps.count else { return .admitted }
        for position in first..<self.steps.count {
            switch self.steps[position].admit(question, reply: { reply(position) }) {
            case .admitted: break
            case .refused(let problem): return .refused(problem)
            case .later: return .waiting
            }
        }
        return .admitted
    }
}
