extension TargetDirectory {
    /// Whose connections those to `endpoint` are: the name of the target that is reached there, or that gets its
    /// tokens there. `other` for an endpoint that a reload has taken out of use.
    func targetName(reachedAt endpoint: UpstreamEndpoint) -> String {
        self.all.first { $0.uses(endpoint) }?.name ?? "other"
    }

    /// Whether any target is reached at `endpoint`, or gets its tokens there.
    func uses(_ endpoint: UpstreamEndpoint) -> Bool {
        self.all.contains { $0.uses(endpoint) }
    }
}

extension Target {
    fileprivate func uses(_ endpoint: UpstreamEndpoint) -> Bool {
        if self.endpoint === endpoint { return true }
        if case .oauth2(let source) = self.credentials { return source.endpoint === endpoint }
        return false
    }
}
