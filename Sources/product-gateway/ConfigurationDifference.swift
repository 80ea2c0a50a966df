import GatewayConfiguration
import GatewayJSON
import GatewayProxy
import GatewayTranslation

/// What taking one configuration in another's place would change: keys, targets, and what targets take.
///
/// Compares what the files say. A secret, certificate or dialect file whose content has changed under the same name is
/// not seen; a plan is compared where both dialects can be read here.
struct ConfigurationDifference {
    struct Target: Equatable {
        enum Change: String { case added, removed, changed }

        let name: String
        let change: Change
        /// `update /slug`: the operation and the canonical field.
        var gains: [String] = []
        var loses: [String] = []
        /// What a caller must give from now on.
        var requires: [String] = []
    }

    let changes: [ConfigurationChange]
    let targets: [Target]

    var isEmpty: Bool { self.changes.isEmpty && self.targets.isEmpty }
    var needsRestart: Bool { self.changes.contains(where: \.needsRestart) }

    /// - Parameter plans: of both configurations, by target name.
    init(
        from old: Configuration, _ oldPlans: [String: TargetPlan], to new: Configuration,
        _ newPlans: [String: TargetPlan]
    ) {
        self.changes = old.changes(to: new)
        var targets: [Target] = []
        for name in Set(old.targets.keys).union(new.targets.keys).sorted() {
            guard old.targets[name] != nil else {
                targets.append(Target(name: name, change: .added))
                continue
            }
            guard new.targets[name] != nil else {
                targets.append(Target(name: name, change: .removed))
                continue
            }
            guard let before = oldPlans[name], let after = newPlans[name] else { continue }
            let (taken, takenNow) = (Self.facts(before, "set"), Self.facts(after, "set"))
            let target = Target(
                name: name, change: .changed, gains: takenNow.subtracting(taken).sorted(),
                loses: taken.subtracting(takenNow).sorted(),
                requires: Self.facts(after, "required").subtracting(Self.facts(before, "required")).sorted())
            if target != Target(name: name, change: .changed) { targets.append(target) }
        }
        self.targets = targets
    }

    /// `update /name` for each field of which the capability matrix says so.
    private static func facts(_ plan: TargetPlan, _ fact: String) -> Set<String> {
        let matrix = try? JSONDocument(parsing: plan.capabilityMatrix())
        var facts: Set<String> = []
        for field in matrix?.root["fields"]?.elements ?? [] {
            for member in field.members where member.value[fact]?.bool == true {
                facts.insert("\(member.name) \(field["pointer"]?.string ?? "")")
            }
        }
        return facts
    }

    // MARK: For people and programs

    var lines: [String] {
        var lines: [String] = []
        for target in self.targets {
            switch target.change {
            case .added: lines.append("target \(target.name) is added")
            case .removed: lines.append("target \(target.name) is removed: callers that name it get 404 unknown_target")
            case .changed:
                for (verb, fields) in [
                    ("takes from now on", target.gains), ("does not take any more", target.loses),
                    ("requires from now on", target.requires),
                ] where !fields.isEmpty {
                    lines.append("target \(target.name) \(verb): \(fields.joined(separator: ", "))")
                }
            }
        }
        // Of a target that comes or goes whole nobody wants to read every key.
        let whole = Set(self.targets.filter { $0.change != .changed }.map { "$.targets.\($0.name)" })
        for change in self.changes where !whole.contains(change.path) {
            lines.append("\(change)" + (change.needsRestart ? " (takes effect only after a restart)" : ""))
        }
        return lines
    }

    func write(to writer: inout JSONWriter) {
        writer.member("needsRestart", self.needsRestart)
        writer.array("targets") { writer in
            for target in self.targets {
                writer.object { writer in
                    writer.member("name", target.name)
                    writer.member("change", target.change.rawValue)
                    guard target.change == .changed else { return }
                    writer.member("gains", target.gains)
                    writer.member("loses", target.loses)
                    writer.member("requires", target.requires)
                }
            }
        }
        writer.array("changes") { writer in
            for change in self.changes {
                writer.object { writer in
                    writer.member("path", change.path)
                    if let old = change.old { writer.member("old", raw: Array(old.utf8)) }
                    if let new = change.new { writer.member("new", raw: Array(new.utf8)) }
                    writer.member("needsRestart", change.needsRestart)
                }
            }
        }
    }
}
