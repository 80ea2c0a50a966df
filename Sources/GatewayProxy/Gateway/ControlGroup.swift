import GatewayConfiguration

/// What the kernel says of the process's bounds: its CPU affinity and the control groups that it is in (cgroups(7)),
/// where a container's limits are written. Versions 1 and 2, also side by side.
///
/// Reads files; not for an event loop.
struct ControlGroup {
    /// What limits one resource: the files that say so.
    enum Controller: String {
        case cpu
        case memory
    }

    /// A folder of the process's own group or of one above it. The limits of all of them hold.
    struct Folder: Equatable {
        let path: String
        let isVersion2: Bool
    }

    private let read: (String) -> String?

    /// - Parameter read: the content of a file, nil where there is none.
    init(read: @escaping (String) -> String?) {
        self.read = read
    }

    init(_ inputs: ConfigurationInputs) {
        self.init { path in
            // mountinfo is the longest: a line for each mount, and a busy host has some thousand.
            guard case .success(let bytes) = inputs.readFile(path, 1 << 20) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    func content(_ file: String, in folder: Folder) -> String? {
        self.read("\(folder.path)/\(file)").map { $0.filter { !$0.isNewline } }
    }

    /// The folders to look into, the process's own group first, then each above it that can be seen from here.
    func folders(_ controller: Controller) -> [Folder] {
        let groups = self.read("/proc/self/cgroup") ?? ""
        return (self.read("/proc/self/mountinfo") ?? "").split(separator: "\n").flatMap { line in
            guard let mount = Mount(line), mount.carries(controller),
                let group = Self.group(controller, isVersion2: mount.isVersion2, in: groups)
            else { return [Folder]() }
            return mount.folders(of: group)
        }
    }

    /// How many CPUs the scheduler may put the process on (`sched_setaffinity`, cpusets): the bits of a mask in
    /// hexadecimal, `Cpus_allowed: 00000000,0000000f`. May count some that the machine could have and has not.
    var affinity: Int? {
        for line in (self.read("/proc/self/status") ?? "").split(separator: "\n")
        where line.hasPrefix("Cpus_allowed:") {
            let count = line.drop { $0 != ":" }.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
            return count > 0 ? count : nil
        }
        return nil
    }

    /// The machine's memory in bytes: `MemTotal: 16384000 kB` (proc(5)).
    var machineMemory: Int? {
        for line in (self.read("/proc/meminfo") ?? "").split(separator: "\n") where line.hasPrefix("MemTotal:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }

    /// The path of the process's group: a line `0::/path` (version 2) or `4:cpu,cpuacct:/path` (version 1).
    private static func group(_ controller: Controller, isVersion2: Bool, in groups: String) -> Substring? {
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isMeant =
                isVersion2
                ? parts[0] == "0" && parts[1].isEmpty
                : parts[1].split(separator: ",").contains { $0 == controller.rawValue }
            if isMeant { return parts[2] }
        }
        return nil
    }
}

extension ControlGroup {
    /// One mounted hierarchy of groups, from a line of `/proc/self/mountinfo` (proc(5)).
    private struct Mount {
        let isVersion2: Bool
        private let options: [Substring]
        /// What part of the hierarchy is mounted: in a container that sees the host's names, its own group.
        private let root: Substring
        private let point: Substring

        /// Nil when the line is about something else.
        init?(_ line: Substring) {
            let parts = line.split(separator: " ")
            guard let dash = parts.firstIndex(of: "-"), dash >= 6, parts.count > dash + 3 else { return nil }
            switch parts[dash + 1] {
            case "cgroup2": self.isVersion2 = true
            case "cgroup": self.isVersion2 = false
            default: return nil
            }
            self.root = parts[3]
            self.point = parts[4]
            self.options = parts[dash + 3].split(separator: ",")
        }

        /// Version 2 has one hierarchy for all; where a controller is not turned on in it, its files are missing.
        func carries(_ controller: Controller) -> Bool {
            self.isVersion2 || self.options.contains { $0 == controller.rawValue }
        }

        func folders(of group: Substring) -> [Folder] {
            var steps = group.split(separator: "/")
            let rootSteps = self.root.split(separator: "/")
            // A group outside of what is mounted (its path begins with ".." then) cannot be seen: the mount's root is
            // what is known.
            if steps.contains("..") || !steps.starts(with: rootSteps) { steps = rootSteps }
            steps.removeFirst(rootSteps.count)
            return (0...steps.count).reversed().map { depth in
                Folder(
                    path: ([self.point] + steps.prefix(depth)).joined(separator: "/"), isVersion2: self.isVersion2)
            }
        }
    }
}
