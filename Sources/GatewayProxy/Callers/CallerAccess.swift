import GatewayTranslation

/// What a caller may do at each target. Immutable.
struct CallerAccess: Sendable {
    /// What can be allowed.
    enum Operation: Int, Sendable, CaseIterable {
        case update, create, read
        /// An update or a create that is only shown. Whoever may change may also rehearse.
        case dryRun
    }

    /// What is allowed at one target by one operation.
    enum Grant: Sendable {
        case nothing
        case everything
        case fields(FieldAccess)
    }

    /// By target, then by operation.
    private let grants: [String: [Grant]]

    /// - Parameter grants: for each target one for each operation; a target that is not among them is not allowed.
    init(grants: [String: [Grant]]) {
        self.grants = grants
    }

    func grant(_ operation: ProductOperation, isDryRun: Bool, at target: String) -> Grant {
        self.grant(isDryRun && operation != .read ? .dryRun : Operation(operation), at: target)
    }

    func grant(_ operation: Operation, at target: String) -> Grant {
        guard let grants = self.grants[target], operation.rawValue < grants.count else { return .nothing }
        return grants[operation.rawValue]
    }

    /// What may be set; nil for everything.
    func fields(_ operation: ProductOperation, isDryRun: Bool, at target: String) -> FieldAccess? {
        switch self.grant(operation, isDryRun: isDryRun, at: target) {
        case .everything: nil
        case .fields(let access): access
        case .nothing: FieldAccess([])
        }
    }

    /// Whether it may do anything at all at a target.
    func knows(_ target: String) -> Bool {
        (self.grants[target] ?? []).contains { if case .nothing = $0 { false } else { true } }
    }
}

extension CallerAccess.Operation {
    init(_ operation: ProductOperation) {
        switch operation {
        case .update: self = .update
        case .create: self = .create
        case .read: self = .read
        }
    }
}
