package import GatewayMetrics
import GatewayTranslation

extension LabelValues {
    /// The values of the gateway's labels: the problem codes and the canonical product's members.
    package static let gateway = LabelValues(
        problemCodes: ProblemCode.allCases.map(\.rawValue),
        canonicalMembers: Self.canonicalMembers)

    private static var canonicalMembers: [String] {
        var members: [String] = []
        for field in CanonicalProduct.fields + [CanonicalProduct.vendorFields, CanonicalProduct.ids] {
            if let member = field.tokens.first, !members.contains(member) { members.append(member) }
        }
        return members
    }
}

extension ProblemCode {
    private static let metricIndexes = Dictionary(
        uniqueKeysWithValues: zip(Self.allCases, LabelValues.firstProblemIndex...))

    /// The code's index in the domain `code`. Only failures look it up.
    var metricIndex: Int { Self.metricIndexes[self] ?? LabelValues.okIndex }
}

extension ProblemOrigin {
    var counted: CountedOrigin {
        switch self {
        case .gateway: .gateway
        case .vendor: .vendor
        }
    }
}

extension ProductOperation {
    var counted: CountedOperation {
        switch self {
        case .update: .update
        case .create: .create
        }
    }
}

extension AttemptFailure {
    var counted: AttemptOutcome {
        switch self {
        case .notConnected: .notConnected
        case .notTrusted: .notTrusted
        case .queueFull: .queueFull
        case .queueTimedOut: .queueTimedOut
        case .timedOutBeforeSending: .timedOutBeforeSending
        case .refused: .refused
        case .timedOut: .timedOut
        case .endedWithoutAnswer: .endedWithoutAnswer
        case .answerCutShort: .answerCutShort
        case .answerTooLarge: .answerTooLarge
        }
    }
}

extension TokenFailure {
    var counted: CredentialOutcome {
        switch self {
        case .rejected: .rejected
        case .unavailable: .unavailable
        case .vendorError: .vendorError
        case .unintelligible: .unintelligible
        }
    }
}
