import FoundationEssentials

/// Everything that can be chosen when a sandbox is made.
package struct SandboxOptions: Sendable {
    package var credentials: SandboxCredentials
    /// How long an issued token is good, in seconds; COR and Elastic Path both document 3600.
    package var tokenLifetimeSeconds: Double
    package var behaviour: SandboxBehaviour
    package var limits: SandboxLimits
    /// Seconds since 1970. Tokens and time stamps are made of it, so that a test decides what time it is.
    package var clock: @Sendable () -> Double

    package init(
        credentials: SandboxCredentials = SandboxCredentials(), tokenLifetimeSeconds: Double = 3600,
        behaviour: SandboxBehaviour = SandboxBehaviour(), limits: SandboxLimits = SandboxLimits(),
        clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.credentials = credentials
        self.tokenLifetimeSeconds = tokenLifetimeSeconds
        self.behaviour = behaviour
        self.limits = limits
        self.clock = clock
    }
}
