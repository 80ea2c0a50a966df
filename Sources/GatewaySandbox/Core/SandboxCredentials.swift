/// The credentials the stand-ins accept. The defaults are public on purpose (docs/sandbox.md): nothing is protected.
package struct SandboxCredentials: Sendable {
    package var corAPIKey = "sandbox-cor-key"
    package var corClientSecret = "sandbox-cor-secret"
    /// Never expires; for requests made by hand.
    package var corToken = "sandbox-cor-token"
    package var elasticPathClientID = "sandbox-ep-client"
    package var elasticPathClientSecret = "sandbox-ep-secret"
    /// Never expires; for requests made by hand.
    package var elasticPathToken = "sandbox-ep-token"
    /// In the form SoftwareOne documents: `idt:TKN-NNNN-NNNN:<opaque>`.
    package var softwareOneToken = "idt:TKN-0000-0001:sandbox-softwareone-token"
    package var catalogueToken = "sandbox-catalogue-token"

    package init() {}

    /// The defaults, with whatever the `SANDBOX_…` variables of docs/sandbox.md set instead.
    package init(environment: [String: String]) {
        for variable in SandboxCredentials.variables {
            if let value = environment[variable.name], !value.isEmpty { self[keyPath: variable.member] = value }
        }
    }

    /// The variables that override the defaults, each with the member it sets.
    static var variables: [(name: String, member: WritableKeyPath<SandboxCredentials, String>)] {
        [
            ("SANDBOX_COR_API_KEY", \.corAPIKey),
            ("SANDBOX_COR_CLIENT_SECRET", \.corClientSecret),
            ("SANDBOX_COR_TOKEN", \.corToken),
            ("SANDBOX_EP_CLIENT_ID", \.elasticPathClientID),
            ("SANDBOX_EP_CLIENT_SECRET", \.elasticPathClientSecret),
            ("SANDBOX_EP_TOKEN", \.elasticPathToken),
            ("SANDBOX_SOFTWAREONE_TOKEN", \.softwareOneToken),
            ("SANDBOX_CATALOGUE_TOKEN", \.catalogueToken),
        ]
    }
}
