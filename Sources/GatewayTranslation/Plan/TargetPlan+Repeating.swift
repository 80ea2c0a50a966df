/// What the dialect says of asking again.
extension TargetPlan {
    /// What makes two creates one product.
    package enum CreateIdentity: Sendable {
        /// The vendor knows a repeated create by a key that goes with it.
        case vendorKey
        /// The caller gives the product's id.
        case callersID
        /// Nothing: the vendor gives the id.
        case vendorsID
    }

    package var createIdentity: CreateIdentity {
        guard case .field = self.create?.id else { return .vendorsID }
        return .callersID
    }

    /// What the dialect says of a failure with this status: whether the vendor has changed nothing, and whether it
    /// helps to ask again.
    package func word(on status: Int) -> (isRefusal: Bool, repeats: Bool) {
        for rule in self.dialect.errors.statuses where rule.status == status { return (rule.isRefusal, rule.repeats) }
        return (false, false)
    }
}
