import GatewayConfiguration

extension Configuration {
    /// How many instances keep limits and pauses together, where they have a store in which they can; nil where each
    /// is on its own.
    var instancesSharing: Int? { self.store.engine == .redis ? self.instances : nil }
}
