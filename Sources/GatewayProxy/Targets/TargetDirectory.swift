import GatewayTranslation

/// The targets in force, by name. Immutable: a reload makes a new one.
final class TargetDirectory: Sendable {
    private let byName: [String: Target]
    /// The default target alone, as `find` returns it; empty where there is none.
    private let defaultTargets: [Target]
    let all: [Target]
    /// Where they are reached, and where they get their tokens.
    let endpoints: EndpointsInForce
    /// Whether any of them is told of traces.
    let sendsTraceContext: Bool

    init(targets: [Target], defaultTarget: String?) {
        self.all = targets.sorted { $0.name < $1.name }
        var endpoints = EndpointsInForce()
        for target in self.all {
            endpoints.add(target.endpoint, of: target.name)
            guard case .oauth2(let source) = target.credentials else { continue }
            endpoints.add(source.endpoint, of: target.name)
            endpoints.add(client: source, of: target.name)
        }
        self.endpoints = endpoints
        self.sendsTraceContext = targets.contains(where: \.sendsTraceContext)
        let byName = Dictionary(targets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.byName = byName
        self.defaultTargets = defaultTarget.flatMap { byName[$0] }.map { [$0] } ?? []
    }

    /// This directory for so many workers: for the first itself, for each of the others one of its own.
    ///
    /// Nothing of it ever changes, and yet workers would contend for it: an exchange retains and releases a target, its
    /// plan and the plan's parts some seventy times, and each time writes to the count that the object begins with. One
    /// processor after the other would wait for that cache line.
    func copies(_ count: Int) -> [TargetDirectory] {
        let plans = Set(self.all.map(\.plan.compilation)).count
        guard plans * (count - 1) <= Self.copiedPlansMax else { return Array(repeating: self, count: count) }
        return [self] + (1..<max(1, count)).map { _ in self.copy() }
    }

    /// Compiling a plan takes a third of a millisecond, and it may hold a hundred kilobytes. Where every target has
    /// parameters of its own, and so a plan, a thousand of them for each worker would cost more than they save.
    private static let copiedPlansMax = 256

    private func copy() -> TargetDirectory {
        var compiled: [ObjectIdentifier: TargetPlan] = [:]
        let targets = self.all.map { target in
            let plan = compiled[target.plan.compilation] ?? target.plan.recompiled()
            compiled[target.plan.compilation] = plan
            return Target(target, plan: TargetPlan(plan, of: target.name))
        }
        return TargetDirectory(targets: targets, defaultTarget: self.defaultName)
    }

    /// The name of the default target; nil where a request must name its own.
    var defaultName: String? { self.defaultTargets.first?.name }

    subscript(name: String) -> Target? { self.byName[name] }

    /// Why no target is meant.
    enum Miss: Error, Equatable {
        case noneNamed
        case unknown(String)
    }

    /// The targets that a request means; the default one where it names none.
    func find(_ names: [String]) -> Result<[Target], Miss> {
        guard !names.isEmpty else {
            return self.defaultTargets.isEmpty ? .failure(.noneNamed) : .success(self.defaultTargets)
        }
        var targets: [Target] = []
        for name in names {
            guard let target = self.byName[name] else { return .failure(.unknown(name)) }
            targets.append(target)
        }
        return .success(targets)
    }
}
