package import GatewayDocuments

/// What an operator says about one target, beyond its dialect. All of it comes from `gateway.json`.
package struct TargetOptions: Sendable {
    /// Values for the dialect's parameters, by name (COR: `source`).
    package var parameters: [String: String]
    /// Canonical pointers of fields that the dialect leaves switched off (Elastic Path: `/customFields`).
    package var enabledFields: [String]
    /// Canonical pointers of fields that may be cleared by sending `null`, though the vendor does not document it.
    package var clearableFields: [String]
    /// What applies where a request says nothing itself.
    package var handling: Handling
    /// Overrides the dialect's, where the operator knows better; nil leaves it.
    package var updateSemantics: UpdateSemantics?
    /// The names that `ids` in a body may have: all configured targets. Empty where they are not known; then none is
    /// refused.
    package var targetNames: [String] = []
    /// The names that `vendorFields` in a body may have: all configured dialects. Empty as above.
    package var dialectNames: [String] = []
    /// How many instances of the gateway write to the vendor.
    package var instances = 1

    package init(
        parameters: [String: String] = [:], enabledFields: [String] = [], clearableFields: [String] = [],
        handling: Handling = .strict, updateSemantics: UpdateSemantics? = nil
    ) {
        self.parameters = parameters
        self.enabledFields = enabledFields
        self.clearableFields = clearableFields
        self.handling = handling
        self.updateSemantics = updateSemantics
    }
}
