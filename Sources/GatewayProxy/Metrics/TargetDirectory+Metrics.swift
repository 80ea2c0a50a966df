extension TargetDirectory {
    /// Whose connections those to `endpoint` are: the name of the target that is reached there, or that gets its
    /// tokens there. `other` for an endpoint that a reload has taken out of use.
    func targetName(reachedAt endpoint: UpstreamEndpoint) -> String {
        let target = self.all.first { target in
            if target.endpoint === endpoint { return true }
            if case .oauth2(let source) = target.credentials { return source.endpoint === endpoint }
            return false
        }
        return target?.name ?? "other"
    }
}
