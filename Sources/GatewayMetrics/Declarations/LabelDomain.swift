/// The set of values that a label can have: always a list that is known before the first request.
package enum LabelDomain: Sendable {
    case operation
    case exchangeOperation
    /// `ok`, every problem code, `dry_run`, `caller_left`.
    case code
    case lineOutcome
    case origin
    case statusClass
    /// The statuses that vendors use, and the classes for the rest.
    case status
    case abuseKind
    case handshakeFailure
    case certificateUse
    /// The names of targets, which only the configuration knows.
    case targetName
    /// The members of the canonical product, `document` for the whole, `other`.
    case pointer
    case attemptOutcome
    case attemptFailure
    case heldBackReason
    case breakerReason
    case lookupOutcome
    case credentialOutcome
    case connectOutcome
    case loadOutcome
    case memoryStage
    case memoryGivenUp
    case spanOutcome
    case downstreamProtocol
    case keyClaim
    case keyOutcome
    case storeStep
    case storeFailure
    case tokenResult
    case keyFetchOutcome
    /// The names of callers and issuers, which only the configuration knows.
    case callerName
    case issuerName
    /// Text that the process sets at its start or at a reload: a version, a hash.
    case text
}

/// The values of each domain, in the order of their indexes.
///
/// Codes and pointers belong to modules that this one must not know; whoever makes the registry passes them in.
package struct LabelValues: Sendable {
    /// The first three are the gateway's own additions to the problem codes.
    package static let okIndex = 0
    package static let dryRunIndex = 1
    package static let callerLeftIndex = 2
    package static let firstProblemIndex = 3
    package static let ok = "ok"
    package static let dryRun = "dry_run"
    package static let callerLeft = "caller_left"

    package let codes: [String]
    package let pointers: [String]

    /// - Parameters:
    ///   - problemCodes: in an order that never changes while the process runs.
    ///   - canonicalMembers: the names of the canonical product's members.
    package init(problemCodes: [String], canonicalMembers: [String]) {
        self.codes = [Self.ok, Self.dryRun, Self.callerLeft] + problemCodes
        self.pointers = ["document", "other"] + canonicalMembers
    }

    package func values(of domain: LabelDomain) -> [String] {
        switch domain {
        case .operation: CountedOperation.productOperations.map(\.label)
        case .exchangeOperation: CountedOperation.allCases.map(\.label)
        case .code: self.codes
        case .lineOutcome: CountedLineOutcome.allCases.map(\.label)
        case .origin: CountedOrigin.allCases.map(\.label)
        case .statusClass: Self.statusClasses
        case .status: Self.statusClasses + Self.statuses.map(String.init)
        case .abuseKind: AbuseKind.allCases.map(\.label)
        case .handshakeFailure: HandshakeFailure.allCases.map(\.label)
        case .certificateUse: ["listener", "client"]
        case .pointer: self.pointers
        case .attemptOutcome: AttemptOutcome.allCases.map(\.label)
        case .attemptFailure: AttemptOutcome.allCases.map(\.label)
        case .heldBackReason: HeldBackReason.allCases.map(\.label)
        case .breakerReason: BreakerReason.allCases.map(\.label)
        case .lookupOutcome: LookupOutcome.allCases.map(\.label)
        case .credentialOutcome: CredentialOutcome.allCases.map(\.label)
        case .connectOutcome: ConnectOutcome.allCases.map(\.label)
        case .loadOutcome: ["ok", "refused"]
        case .memoryStage: ["holding", "refusing", "shedding"]
        case .memoryGivenUp: ["answer", "body", "request"]
        case .spanOutcome: ["sent", "rejected", "failed", "dropped"]
        case .downstreamProtocol: CountedProtocol.allCases.map(\.label)
        case .keyClaim: KeyClaimResult.allCases.map(\.label)
        case .keyOutcome: KeyOutcome.allCases.map(\.label)
        case .storeStep: StoreStep.allCases.map(\.label)
        case .storeFailure: StoreFailureKind.allCases.map(\.label)
        case .tokenResult: CountedToken.allCases.map(\.label)
        case .keyFetchOutcome: ["ok", "failed"]
        case .text, .targetName, .callerName, .issuerName: []
        }
    }

    private static let statusClasses = ["1xx", "2xx", "3xx", "4xx", "5xx", "other"]
    /// Those that RFC 9110, its companions and the vendors' documents name. A fixed list, so that a vendor that invents
    /// statuses cannot create series.
    private static let statuses = [
        200, 201, 202, 204, 206, 207, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
        410,
        411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503,
        504,
        505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 529, 530,
    ]
    /// By status, up to 599.
    private static let statusIndexes: [UInt8] = {
        var indexes = (0..<600).map { UInt8(Self.statusClassIndex($0)) }
        for (index, status) in Self.statuses.enumerated() { indexes[status] = UInt8(Self.statusClasses.count + index) }
        return indexes
    }()

    /// The index of a status in `.status`.
    package static func statusIndex(_ status: Int) -> Int {
        self.statusIndexes.indices.contains(status) ? Int(self.statusIndexes[status]) : 5
    }

    /// The index of a status's class in `.statusClass`.
    package static func statusClassIndex(_ status: Int) -> Int {
        (100...599).contains(status) ? status / 100 - 1 : 5
    }

    /// The index of the member that an RFC 6901 pointer begins with, in `.pointer`. Never free text: what is no
    /// canonical member is `other`.
    package func pointerIndex(_ pointer: String?) -> Int {
        guard let pointer, !pointer.isEmpty else { return 0 }
        let member = pointer.dropFirst().prefix { $0 != "/" }
        guard let index = self.pointers.dropFirst(2).firstIndex(where: { $0 == member }) else { return 1 }
        return index
    }
}
