import GatewayTranslation

// What a caller may know of the targets that there are.
extension TargetDirectory {
    /// What a caller is told that means no target. Lists the targets of which its rules let it know.
    func problem(_ miss: Miss, for caller: Caller?) -> Problem {
        let visible = self.visible(to: caller).map(\.name)
        let names = visible.isEmpty ? "none for this caller" : visible.joined(separator: ", ")
        return switch miss {
        case .noneNamed:
            Problem(.targetRequired, detail: "There is no default target; add ?target=NAME with one of: \(names).")
        case .unknown(let name):
            Problem(.unknownTarget, detail: "There is no target \"\(name.abridged)\"; there are: \(names).")
        }
    }

    /// The targets where a caller may do something; all of them for a caller that need not identify itself.
    func visible(to caller: Caller?) -> [Target] {
        guard let access = caller?.access else { return self.all }
        return self.all.filter { access.knows($0.name) }
    }
}
