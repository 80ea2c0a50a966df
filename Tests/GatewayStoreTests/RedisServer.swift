import Foundation

/// A Redis server of a test's own, from Debian's package.
final class RedisServer {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-server")

    let port: Int
    private let process = Process()
    private let folder: URL

    /// - Parameter options: as in `redis.conf`, for instance `--requirepass s`.
    init(_ options: String..., port: Int? = nil) throws {
        self.port = try port ?? Self.freePort()
        self.folder = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
        self.process.arguments =
            [
                "--port", "\(self.port)", "--bind", "127.0.0.1", "--dir", self.folder.path, "--save", "",
                "--daemonize", "no",
            ] + options
        self.process.standardOutput = FileHandle.nullDevice
        self.process.standardError = FileHandle.nullDevice
        try self.process.run()
    }

    /// A port that nobody listens on at the moment.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard code == 0 else { throw CocoaError(.fileReadUnknown) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func signal(_ number: Int32) { kill(self.process.processIdentifier, number) }

    func stop() {
        if self.process.isRunning {
            self.signal(SIGKILL)
            self.process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: self.folder)
    }

    deinit { self.stop() }
}
