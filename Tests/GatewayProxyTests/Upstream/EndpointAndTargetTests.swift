import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Where a vendor is reached")
struct UpstreamEndpointTests {
    private static func endpoint(_ host: String, port: Int) -> UpstreamEndpoint {
        UpstreamEndpoint(
            host: host, port: port, tls: nil, connectTimeoutNanoseconds: 1, idleTimeoutNanoseconds: 1,
            pingIntervalNanoseconds: 1, addressLifetimeNanoseconds: 1, connectionsMax: 1, http1ConnectionsMax: 1,
            streamsMax: 1, queueMax: 1,
            queueTimeoutNanoseconds: 1)
    }

    @Test(
        "the authority is the host, with brackets and a port where they are needed",
        arguments: [
            ("vendor.test", 80, "vendor.test"), ("vendor.test", 8_080, "vendor.test:8080"),
            ("127.0.0.1", 80, "127.0.0.1"), ("::1", 80, "[::1]"), ("::1", 8_080, "[::1]:8080"),
        ])
    func authority(host: String, port: Int, expected: String) {
        let endpoint = Self.endpoint(host, port: port)
        #expect(String(decoding: endpoint.authority, as: UTF8.self) == expected)
        #expect(endpoint.serverName == host)
        #expect("\(endpoint.scheme)" == "http")
    }
}

@Suite("Finding targets by name")
struct TargetDirectoryTests {
    private static func directory(default name: String? = nil) throws -> TargetDirectory {
        TargetDirectory(
            targets: [try WorkerFixture.target("b"), try WorkerFixture.target("a")], defaultTarget: name)
    }

    @Test("named targets come in the caller's order, all targets in the order of their names")
    func order() throws {
        let directory = try Self.directory()
        #expect(try directory.find(["b", "a"]).get().map(\.name) == ["b", "a"])
        #expect(directory.all.map(\.name) == ["a", "b"])
        #expect(directory["a"]?.name == "a")
        #expect(directory["c"] == nil)
    }

    @Test("without a name the default is meant; without a default the caller is told what there is")
    func defaults() throws {
        #expect(try Self.directory(default: "b").find([]).get().map(\.name) == ["b"])
        guard case .failure(let miss) = try Self.directory().find([]) else {
            Issue.record("found")
            return
        }
        let problem = try Self.directory().problem(miss, for: nil)
        #expect(problem.code == .targetRequired)
        #expect(problem.detail.contains("a, b"))
    }

    @Test("one unknown name among known ones is unknown, and nothing is sent to the others")
    func unknown() throws {
        guard case .failure(let miss) = try Self.directory(default: "a").find(["a", "c"]) else {
            Issue.record("found")
            return
        }
        let problem = try Self.directory(default: "a").problem(miss, for: nil)
        #expect(problem.code == .unknownTarget)
        #expect(problem.detail.contains("\"c\""))
        #expect(problem.detail.contains("a, b"))
    }
}
