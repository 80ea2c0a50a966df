import GatewayConfiguration
import GatewayTLS
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("What targets share, and what a reload keeps")
struct SharedConnectionsTests {
    private static let certificates = Result { try (0..<2).map { _ in try DevelopmentCertificate() } }
    private let files: [String: [UInt8]]

    init() throws {
        var files: [String: [UInt8]] = [:]
        for (number, certificate) in try Self.certificates.get().enumerated() {
            files["/c\(number)"] = certificate.certificate
            files["/k\(number)"] = certificate.privateKey
        }
        self.files = files
    }

    /// A target with these members; `tls`, `connections` and the like stand in for those that it has.
    private static func target(_ changes: [String: String] = [:]) -> String {
        var members = [
            "dialect": #""elastic-path""#, "baseURL": #""https://vendor.example/v1""#, "tls": #"{"caFile": "/c0"}"#,
            "credentials": Self.credentials(),
        ]
        members.merge(changes) { $1 }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
            + "}"
    }

    private static func credentials(
        id: String = "ID", secret: String = "SECRET", more: String = ""
    ) -> String {
        """
        {"oauth2": {"tokenURL": "/token", "clientID": {"env": "\(id)"}, "clientSecret": {"env": "\(secret)"}\(more)}}
        """
    }

    private func configured(
        _ targets: String..., files: [String: [UInt8]] = [:], environment: [String: String] = [:],
        state: FileState? = nil, inForce: ConfiguredTargets? = nil
    ) throws -> ConfiguredTargets {
        let names = ["a", "b", "c"]
        let text = zip(names, targets).map { "\"\($0)\": \($1)" }.joined(separator: ", ")
        let known = self.files.merging(files) { $1 }
        let variables = ["ID": "id", "SECRET": "secret", "OTHER": "other"].merging(environment) { $1 }
        let inputs = ConfigurationInputs(
            environment: { variables[$0] },
            readFile: { path, _ in known[path].map { .success($0) } ?? .failure(.absent(reason: "No such file")) },
            fileState: { _ in state },
            epochSeconds: { 0 }, builtInDialects: Dialect.builtInNames, secrets: .required)
        let result = Configuration.load(
            bytes: Array(#"{"listener": {"host": "127.0.0.1"}, "targets": {\#(text)}}"#.utf8), path: "f", inputs: inputs
        )
        let configuration = try #require(result.configuration, "\(result.diagnostics)")
        let configured = ConfiguredTargets(configuration, file: "f", inputs: inputs, inForce: inForce)
        #expect(configured.targets.count == targets.count, "\(configured.diagnostics)")
        return configured
    }

    private func source(_ target: Target) throws -> OAuth2TokenSource {
        guard case .oauth2(let source) = target.credentials else { throw CancellationError() }
        return source
    }

    /// What is not of the way to the vendor: two targets that differ in it share their connections.
    private static let ownMatters: [[String: String]] = [
        [:], ["baseURL": #""https://VENDOR.example:443/other""#], ["handling": #""lenient""#],
        ["timeouts": #"{"attempt": "3s", "total": "4s"}"#], ["retries": #"{"attempts": 1}"#],
        ["enable": #"["/customFields"]"#], ["sendTraceContext": "true"],
        ["tls": #"{"caFile": "/c0", "serverName": "vendor.example"}"#],
    ]

    @Test("targets that agree in their endpoint and their client share both", arguments: ownMatters)
    func shared(changes: [String: String]) throws {
        let targets = try self.configured(Self.target(), Self.target(changes)).targets
        #expect(targets[0].endpoint === targets[1].endpoint)
        #expect(try self.source(targets[0]) === self.source(targets[1]))
        #expect(try self.source(targets[0]).endpoint !== targets[0].endpoint, "tokens have connections of their own")
    }

    /// Each of these alone makes another endpoint.
    private static let endpointMatters: [[String: String]] = [
        ["baseURL": #""https://other.example/v1""#], ["baseURL": #""https://vendor.example:444/v1""#],
        ["baseURL": #""http://vendor.example:443/v1""#], ["timeouts": #"{"connect": "3s"}"#],
        ["tls": #"{"caFile": "/c1"}"#], ["tls": "{}"], ["tls": #"{"caFile": "/c0", "minimumVersion": "1.3"}"#],
        ["tls": #"{"caFile": "/c0", "serverName": "other.example"}"#],
        ["tls": #"{"caFile": "/c0", "clientCertificate": "/c0", "clientKey": "/k0"}"#],
        ["connections": #"{"max": 5}"#], ["connections": #"{"maxHTTP1": 5}"#], ["connections": #"{"maxStreams": 5}"#],
        ["connections": #"{"versions": ["h2"]}"#], ["connections": #"{"idleTimeout": "5s"}"#],
        ["connections": #"{"pingInterval": "5s"}"#], ["connections": #"{"addressLifetime": "5s"}"#],
        ["queue": #"{"max": 5}"#], ["queue": #"{"timeout": "5s"}"#],
    ]

    @Test("whatever decides how a vendor is reached makes another endpoint", arguments: endpointMatters)
    func endpoints(changes: [String: String]) throws {
        let targets = try self.configured(Self.target(), Self.target(changes)).targets
        #expect(targets[0].endpoint !== targets[1].endpoint)
        #expect(try self.source(targets[0]) !== self.source(targets[1]))
    }

    @Test(
        "whatever a vendor is asked for a token with makes another source",
        arguments: [
            Self.credentials(id: "OTHER"), Self.credentials(secret: "OTHER"),
            Self.credentials(more: #", "scope": "a""#), Self.credentials(more: #", "style": "query-basic""#),
            Self.credentials(more: #", "renewBefore": "5s""#),
            Self.credentials().replacing("/token", with: "/other"),
        ])
    func sources(credentials: String) throws {
        let targets = try self.configured(Self.target(), Self.target(["credentials": credentials])).targets
        #expect(targets[0].endpoint === targets[1].endpoint)
        #expect(try self.source(targets[0]) !== self.source(targets[1]))
        #expect(try self.source(targets[0]).endpoint === self.source(targets[1]).endpoint)
    }

    @Test("authorities that many targets trust are read and held once")
    func contexts() throws {
        let other = ["tls": #"{"caFile": "/c0", "serverName": "other.example"}"#]
        let apart = ["tls": #"{"caFile": "/c0", "minimumVersion": "1.3"}"#]
        let targets = try self.configured(Self.target(), Self.target(other), Self.target(apart)).targets
        #expect(targets[0].endpoint.tls === targets[1].endpoint.tls)
        #expect(targets[0].endpoint.tls !== targets[2].endpoint.tls)
    }

    @Test("targets with one dialect and equal options share what was compiled, and are told apart by their names")
    func plans() throws {
        let targets = try self.configured(
            Self.target(), Self.target(["baseURL": #""https://other.example""#]),
            Self.target(["enable": #"["/customFields"]"#])
        ).targets
        #expect(targets.map(\.plan.targetName) == ["a", "b", "c"])
        let fields = targets.map { String(decoding: $0.plan.capabilityMatrix(), as: UTF8.self) }
        #expect(fields[0].contains(#""target":"a""#) && fields[1].contains(#""target":"b""#))
        #expect(fields[0].replacing(#""target":"a""#, with: #""target":"b""#) == fields[1])
        #expect(
            fields[1].replacing(#""target":"b""#, with: #""target":"c""#) != fields[2], "an option changes the plan")
    }

    @Test("a reload keeps what has not changed, also of targets that are called otherwise now")
    func kept() throws {
        let before = try self.configured(Self.target(), Self.target(["connections": #"{"max": 5}"#]))
        let after = try self.configured(
            Self.target(["connections": #"{"max": 5}"#]), Self.target(["handling": #""lenient""#]), Self.target(),
            inForce: before)
        #expect(after.targets[0].endpoint === before.targets[1].endpoint)
        #expect(try self.source(after.targets[0]) === self.source(before.targets[1]))
        for target in after.targets[1...] {
            #expect(target.endpoint === before.targets[0].endpoint)
            #expect(try self.source(target) === self.source(before.targets[0]))
        }
    }

    @Test("a secret that has changed under the same name makes a source anew, for its own target only")
    func changedSecret() throws {
        let other = Self.target(["credentials": Self.credentials(secret: "OTHER")])
        let before = try self.configured(Self.target(), other)
        let after = try self.configured(Self.target(), other, environment: ["OTHER": "new"], inForce: before)
        #expect(try self.source(after.targets[0]) === self.source(before.targets[0]))
        #expect(try self.source(after.targets[1]) !== self.source(before.targets[1]))
        #expect(after.targets[1].endpoint === before.targets[1].endpoint)
    }

    @Test("authorities or a certificate that have changed under the same name make an endpoint anew")
    func changedFiles() throws {
        let client = Self.target(["tls": #"{"caFile": "/c0", "clientCertificate": "/c", "clientKey": "/k"}"#])
        func files(_ number: Int) -> [String: [UInt8]] {
            ["/c": self.files["/c\(number)"] ?? [], "/k": self.files["/k\(number)"] ?? []]
        }
        let before = try self.configured(Self.target(), client, files: files(0))
        let same = try self.configured(Self.target(), client, files: files(0), inForce: before)
        let other = try self.configured(Self.target(), client, files: files(1), inForce: before)
        #expect(same.targets[1].endpoint === before.targets[1].endpoint)
        #expect(other.targets[1].endpoint !== before.targets[1].endpoint)
        #expect(other.targets[0].endpoint === before.targets[0].endpoint)
        let authorities = try self.configured(
            Self.target(), client, files: ["/c0": self.files["/c1"] ?? []].merging(files(0)) { $1 }, inForce: before)
        #expect(authorities.targets[0].endpoint !== before.targets[0].endpoint)
    }

    @Test("system's authorities that have changed make an endpoint anew where they are trusted")
    func systemAuthorities() throws {
        let system = Self.target(["tls": "{}"])
        let state = try #require(FileState(path: "/"))
        let before = try self.configured(Self.target(), system)
        let after = try self.configured(Self.target(), system, state: state, inForce: before)
        let same = try self.configured(Self.target(), system, state: state, inForce: after)
        #expect(after.targets[0].endpoint === before.targets[0].endpoint)
        #expect(after.targets[1].endpoint !== before.targets[1].endpoint)
        #expect(same.targets[1].endpoint === after.targets[1].endpoint)
    }

    @Test("what a configuration has left out is not kept for the next")
    func forgotten() throws {
        let before = try self.configured(Self.target())
        let without = try self.configured(Self.target(["baseURL": #""https://other.example""#]), inForce: before)
        let again = try self.configured(Self.target(), inForce: without)
        #expect(again.targets[0].endpoint !== before.targets[0].endpoint)
    }

    @Test("a request for a token does not show its secret, however it is printed")
    func secrets() throws {
        let source = try self.source(self.configured(Self.target()).targets[0])
        #expect(!"\(source.request)".contains("secret") && !String(reflecting: source.request).contains("115, 101"))
    }
}
