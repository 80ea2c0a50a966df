import Foundation

@testable import GatewayRedis

/// Three Redis servers of a test's own that share the slots of a cluster.
final class RedisCluster {
    let servers: [RedisServer]
    private(set) var ids: [String] = []

    static let isThere = RedisServer.isThere && FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-cli")

    struct Trouble: Error {
        let text: String
    }

    init() async throws {
        var (servers, busPorts): ([RedisServer], [Int]) = ([], [])
        for _ in 0..<3 {
            let busPort = try RedisServer.freePort()
            busPorts.append(busPort)
            servers.append(
                try RedisServer(
                    "--cluster-enabled", "yes", "--cluster-port", "\(busPort)", "--cluster-node-timeout", "1000",
                    // Those that are there serve without one that is not, and do not replace it.
                    "--cluster-require-full-coverage", "no"))
        }
        self.servers = servers
        for server in servers { try await Self.until("it listens") { Self.ask(server, "PING") == "PONG" } }
        self.ids = servers.map { Self.ask($0, "CLUSTER", "MYID") }
        for (place, server) in servers.enumerated() {
            let slots = place * 6_000..<min(RedisSlot.count, (place + 1) * 6_000)
            _ = Self.ask(server, "CLUSTER", "ADDSLOTSRANGE", "\(slots.lowerBound)", "\(slots.upperBound - 1)")
            if place > 0 {
                _ = Self.ask(servers[0], "CLUSTER", "MEET", "127.0.0.1", "\(server.port)", "\(busPorts[place])")
            }
        }
        for server in servers {
            try await Self.until("they know each other") {
                let info = Self.ask(server, "CLUSTER", "INFO")
                return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:\(RedisSlot.count)")
            }
        }
    }

    /// What a server replies, as `redis-cli` prints it.
    static func ask(_ server: RedisServer, _ words: String...) -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-cli")
        process.arguments = ["-h", "127.0.0.1", "-p", "\(server.port)"] + words
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return "" }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func until(_ what: String, _ isSo: () async -> Bool) async throws {
        for _ in 0..<500 {
            if await isSo() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Trouble(text: "it never comes to this: \(what)")
    }

    /// The place of the server that has a slot after `init`.
    static func place(of slot: Int) -> Int { min(2, slot / 6_000) }

    func stop() { for server in self.servers { server.stop() } }
}
