import GatewayHTTP2
package import GatewayMetrics
import GatewayTLS
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
    /// By the byte that a code is in memory: a dictionary would hash the code's name each time.
    private static let metricIndexes: [Int] = {
        var indexes = [Int](repeating: LabelValues.okIndex, count: 256)
        for (code, index) in zip(Self.allCases, LabelValues.firstProblemIndex...) { indexes[code.byte] = index }
        return indexes
    }()

    private var byte: Int { withUnsafeBytes(of: self) { Int($0.first ?? 0) } }

    /// The code's index in the domain `code`.
    var metricIndex: Int { Self.metricIndexes[self.byte] }
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
        case .read: .read
        }
    }
}

extension HTTP2Error {
    /// What the peer did too much of, if that is what ended the session.
    var abuse: AbuseKind? {
        switch self {
        case .peerExceeded(.controlFrames): .controlFrames
        case .peerExceeded(.queuedOutput): .queuedOutput
        case .peerExceeded(.resets): .resets
        case .library where self.isFlooding: .flooding
        case .library, .streamClosed: nil
        }
    }
}

extension TLSError {
    /// As what a failed handshake with a caller counts.
    var counted: HandshakeFailure {
        switch self {
        case .noCommonProtocol: return .noCommonProtocol
        case .closedDuringHandshake: return .closed
        case .handshakeFailed(let errors):
            // OpenSSL's texts are all that it tells; one that is not known here is `other`.
            for (part, failure) in Self.handshakeFailures
            where errors.reasons.contains(where: { $0.contains(part) }) { return failure }
            return .other
        default: return .other
        }
    }

    private static let handshakeFailures: [(part: String, failure: HandshakeFailure)] = [
        ("http request", .notTLS), ("https proxy request", .notTLS), ("wrong version number", .notTLS),
        ("packet length too long", .notTLS), ("unsupported protocol", .unsupportedVersion),
        ("version too low", .unsupportedVersion), ("no shared cipher", .noCommonCipher),
        ("alert unknown ca", .certificateRefused), ("alert bad certificate", .certificateRefused),
        ("alert certificate", .certificateRefused), ("alert unsupported certificate", .certificateRefused),
    ]
}
