import Glibc

/// How many CPUs the process may use at a time: the fewest of what its affinity and its control groups give.
///
/// A container with a limit of two CPUs on a machine with sixty-four sees all of them; sixty-four workers would take
/// turns on the two, and each turn costs.
struct CPUAllowance: Equatable {
    /// At least 1. A limit of two and a half counts as three: two workers could not use the half.
    let count: Int
    /// Where the number is from, for people.
    let reason: String

    /// - Parameter online: the CPUs that the machine has at the moment.
    init(online: Int, groups: ControlGroup) {
        var count = max(1, min(online, groups.affinity ?? online))
        var reason = count == 1 ? "the process may run on 1 CPU" : "the process may run on \(count) CPUs"
        for folder in groups.folders(.cpu) {
            guard let limit = Limit(folder, of: groups), limit.count < count else { continue }
            count = limit.count
            reason = limit.description
        }
        self.count = count
        self.reason = reason
    }

    static func online() -> Int {
        sysconf(Int32(_SC_NPROCESSORS_ONLN))
    }
}

extension CPUAllowance {
    /// CPU time that a group may use in each period: `cpu.max` of version 2, `cpu.cfs_quota_us` of version 1.
    private struct Limit: CustomStringConvertible {
        private let quota: Int
        private let period: Int
        private let file: String

        /// Nil where there is no limit.
        init?(_ folder: ControlGroup.Folder, of groups: ControlGroup) {
            let texts: [Substring]
            if folder.isVersion2 {
                self.file = "\(folder.path)/cpu.max"
                texts = (groups.content("cpu.max", in: folder) ?? "").split(separator: " ")
            } else {
                self.file = "\(folder.path)/cpu.cfs_quota_us"
                texts = ["cpu.cfs_quota_us", "cpu.cfs_period_us"].compactMap { groups.content($0, in: folder)?[...] }
            }
            // "max" and -1 mean that there is none.
            guard texts.count == 2, let quota = Int(texts[0]), quota > 0, let period = Int(texts[1]), period > 0
            else { return nil }
            self.quota = quota
            self.period = period
        }

        var count: Int {
            let (whole, rest) = self.quota.quotientAndRemainder(dividingBy: self.period)
            return rest == 0 ? whole : whole + 1
        }

        var description: String {
            let hundredths = Int((Double(self.quota) / Double(self.period) * 100).rounded(.up))
            let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
            let number = rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
            return "\(self.file) allows \(number) CPU\(number == "1" ? "" : "s")"
        }
    }
}
