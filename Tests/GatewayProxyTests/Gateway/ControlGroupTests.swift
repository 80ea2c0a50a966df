import Testing

@testable import GatewayProxy

@Suite("What a container gives the process")
struct ControlGroupTests {
    private static let mount2 = "35 24 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw,nsdelegate\n"
    private static let mount1 =
        """
        22 1 0:21 / /proc rw - proc proc rw
        33 32 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
        34 32 0:29 / /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory

        """

    private func groups(_ files: [String: String]) -> ControlGroup {
        ControlGroup { files[$0] }
    }

    private func allowance(_ online: Int, _ files: [String: String]) -> CPUAllowance {
        CPUAllowance(online: online, groups: self.groups(files))
    }

    @Test("without a limit the CPUs count that the process may run on")
    func noLimit() {
        #expect(self.allowance(8, [:]).count == 8)
        #expect(self.allowance(8, [:]).reason == "the process may run on 8 CPUs")
        #expect(self.allowance(1, [:]).reason == "the process may run on 1 CPU")
        #expect(self.allowance(0, [:]).count == 1)
        #expect(CPUAllowance.online() >= 1)
    }

    @Test(
        "the affinity counts where it is less than what the machine has",
        arguments: [
            ("Cpus_allowed:\t0000000f", 4), ("Cpus_allowed:\t00000000,80000001", 2), ("Cpus_allowed:\tffff", 8),
            ("Cpus_allowed:\t0", 8), ("Cpus_allowed_list:\t0", 8), ("", 8),
        ])
    func affinity(status: String, count: Int) {
        let files = ["/proc/self/status": "Name:\tproduct-gateway\n\(status)\nMems_allowed:\t1\n"]
        #expect(self.allowance(8, files).count == count)
    }

    @Test(
        "a limit of version 2 is rounded up and at least 1",
        arguments: [
            ("200000 100000", 2, "2 CPUs"), ("150000 100000", 2, "1.50 CPUs"), ("10000 100000", 1, "0.10 CPUs"),
            ("200001 100000", 3, "2.01 CPUs"), ("50000 50000", 1, "1 CPU"), ("1000 1000000", 1, "0.01 CPUs"),
        ])
    func version2(text: String, count: Int, shown: String) {
        let allowance = self.allowance(
            64,
            [
                "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": Self.mount2,
                "/sys/fs/cgroup/cpu.max": text + "\n",
            ])
        #expect(allowance.count == count)
        #expect(allowance.reason == "/sys/fs/cgroup/cpu.max allows \(shown)")
    }

    @Test(
        "what is no limit limits nothing",
        arguments: ["max 100000\n", "", "200000", "0 100000", "200000 0", "-1 100000", "a b", "99999999999999999999 1"])
    func unlimited(text: String) {
        let allowance = self.allowance(
            4,
            [
                "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": Self.mount2, "/sys/fs/cgroup/cpu.max": text,
            ])
        #expect(allowance.count == 4)
    }

    @Test("more than the affinity is no more")
    func generous() {
        let allowance = self.allowance(
            2,
            [
                "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": Self.mount2,
                "/sys/fs/cgroup/cpu.max": "800000 100000\n",
            ])
        #expect(allowance.count == 2)
        #expect(allowance.reason == "the process may run on 2 CPUs")
    }

    @Test("the limits of the groups above hold as well")
    func nested() {
        var files = [
            "/proc/self/cgroup": "0::/kubepods.slice/pod1/container\n", "/proc/self/mountinfo": Self.mount2,
            "/sys/fs/cgroup/kubepods.slice/pod1/container/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/kubepods.slice/pod1/cpu.max": "300000 100000\n",
            "/sys/fs/cgroup/kubepods.slice/cpu.max": "1600000 100000\n",
        ]
        #expect(self.allowance(64, files).count == 3)
        files["/sys/fs/cgroup/kubepods.slice/pod1/container/cpu.max"] = "100000 100000\n"
        #expect(self.allowance(64, files).count == 1)
        files["/sys/fs/cgroup/kubepods.slice/cpu.max"] = "50000 100000\n"
        #expect(self.allowance(64, files).reason == "/sys/fs/cgroup/kubepods.slice/pod1/container/cpu.max allows 1 CPU")
    }

    @Test("a quota of version 1 is found by its controller's mount and the process's own path")
    func version1() {
        let files = [
            "/proc/self/cgroup": "5:memory:/a\n4:cpu,cpuacct:/system.slice/gateway.service\n0::/\n",
            "/proc/self/mountinfo": Self.mount1,
            "/sys/fs/cgroup/cpu,cpuacct/system.slice/gateway.service/cpu.cfs_quota_us": "250000\n",
            "/sys/fs/cgroup/cpu,cpuacct/system.slice/gateway.service/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ]
        let allowance = self.allowance(16, files)
        #expect(allowance.count == 3)
        #expect(
            allowance.reason
                == "/sys/fs/cgroup/cpu,cpuacct/system.slice/gateway.service/cpu.cfs_quota_us allows 2.50 CPUs")
    }

    @Test("a container that sees the host's names finds its own group, which is what is mounted")
    func hostNames() {
        let groups = self.groups([
            "/proc/self/cgroup": "4:cpu,cpuacct:/docker/abc/inner\n",
            "/proc/self/mountinfo": "33 32 0:28 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n",
        ])
        #expect(
            groups.folders(.cpu).map(\.path) == ["/sys/fs/cgroup/cpu/inner", "/sys/fs/cgroup/cpu"])
        #expect(groups.folders(.memory).isEmpty)
    }

    @Test("a group that cannot be seen from here falls back to the root of what is mounted")
    func outside() {
        for group in ["/../other", "/elsewhere/x"] {
            let groups = self.groups([
                "/proc/self/cgroup": "0::\(group)\n",
                "/proc/self/mountinfo": "35 24 0:30 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
            ])
            #expect(groups.folders(.cpu) == [.init(path: "/sys/fs/cgroup", isVersion2: true)])
        }
    }

    @Test(
        "files of another form are nothing to go by",
        arguments: ["", "x", "1 2 3", "1 2 3 / /sys/fs/cgroup rw -", "1 2 3 4 5 - cgroup2 a b", "- cgroup2 cgroup rw"])
    func malformed(mounts: String) {
        let groups = self.groups(["/proc/self/cgroup": "0::/\n:\n::\n4:cpu\n", "/proc/self/mountinfo": mounts])
        #expect(groups.folders(.cpu).isEmpty)
    }

    @Test("the smallest memory limit of the groups counts, and unlimited is none")
    func memory() throws {
        let files = [
            "/proc/self/cgroup": "0::/pod/container\n", "/proc/self/mountinfo": Self.mount2,
            "/sys/fs/cgroup/pod/container/memory.max": "max\n", "/sys/fs/cgroup/pod/memory.max": "536870912\n",
        ]
        let allowance = try #require(MemoryAllowance(groups: self.groups(files)))
        #expect(allowance.bytes == 512 << 20)
        #expect(allowance.file == "/sys/fs/cgroup/pod/memory.max")
        let unlimited = [
            "/proc/self/cgroup": "5:memory:/a\n", "/proc/self/mountinfo": Self.mount1,
            "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9223372036854771712\n",
        ]
        #expect(MemoryAllowance(groups: self.groups(unlimited)) == nil)
        #expect(MemoryAllowance(groups: self.groups([:])) == nil)
    }

    @Test("the budget is 70 % of the groups' limit, without one of the machine's memory, and says which")
    func budget() {
        let limited = [
            "/proc/self/cgroup": "0::/pod\n", "/proc/self/mountinfo": Self.mount2,
            "/sys/fs/cgroup/pod/memory.max": "536870900\n", "/proc/meminfo": "MemTotal:       16384000 kB\n",
        ]
        let ofGroup = MemoryAllowance.automaticBudget(groups: self.groups(limited))
        #expect(ofGroup.bytes == 5_368_709 * 70)
        #expect(ofGroup.from == "70 % of /sys/fs/cgroup/pod/memory.max")
        let ofMachine = MemoryAllowance.automaticBudget(
            groups: self.groups(["/proc/meminfo": "MemFree: 1 kB\nMemTotal:       16384000 kB\n"]))
        #expect(ofMachine.bytes == (16_384_000 << 10) / 100 * 70)
        #expect(ofMachine.from == "70 % of the machine's memory")
        #expect(MemoryAllowance.automaticBudget(groups: self.groups([:])).bytes == 512 << 20)
    }

    @Test("what is needed grows with workers and connections")
    func needed() {
        #expect(MemoryAllowance.needed(workers: 1, connections: 1024) == (26 << 20) + (36 << 20))
        // deploy/kubernetes: two CPUs, 512 MiB and 2,048 connections; deploy/compose: one, 256 MiB and 1,024.
        #expect(MemoryAllowance.needed(workers: 2, connections: 2048) < 512 << 20)
        #expect(MemoryAllowance.needed(workers: 1, connections: 1024) < 256 << 20)
        #expect(MemoryAllowance.needed(workers: 4, connections: 4096) == (32 << 20) + (576 << 20))
    }
}
