import GatewayTranslation

extension Caller {
    /// What it may do at a target, for its own eyes.
    func grants(at target: String) -> CallerGrants {
        var grants = CallerGrants(caller: self.name)
        for operation in CallerAccess.Operation.allCases {
            let grant = self.access?.grant(operation, at: target) ?? .everything
            switch grant {
            case .nothing: continue
            case .everything: grants.allow(operation.word)
            case .fields(let access): grants.allow(operation.word, access)
            }
        }
        return grants
    }
}

extension CallerAccess.Operation {
    fileprivate var word: String {
        switch self {
        case .update: "update"
        case .create: "create"
        case .read: "read"
        case .dryRun: "dryRun"
        }
    }
}
