import GatewayConfiguration
import GatewayDocuments
import GatewayTLS
import Testing

@testable import GatewayProxy

@Suite("Certificates of a configuration")
struct ConfiguredCertificatesTests {
    private static let day = 24 * 3600
    /// Is good for thirty days.
    private static let ours = Result { try DevelopmentCertificate() }
    private static let other = Result { try DevelopmentCertificate() }

    private let chain: [UInt8]
    private let key: [UInt8]
    private let otherKey: [UInt8]
    private let validity: CertificateValidity

    init() throws {
        self.chain = try Self.ours.get().certificate
        self.key = try Self.ours.get().privateKey
        self.otherKey = try Self.other.get().privateKey
        self.validity = try #require(CertificateValidity.read(self.chain).first)
    }

    /// What is found at this time with these files.
    private func lines(
        _ text: String, at epochSeconds: Int, files: [String: [UInt8]] = [:], secrets: SecretPolicy = .required
    ) throws -> [String] {
        let known = ["/c": self.chain, "/k": self.key, "/other": self.otherKey].merging(files) { $1 }
        let inputs = ConfigurationInputs(
            environment: { _ in nil },
            readFile: { path, _ in known[path].map { .success($0) } ?? .failure(.absent(reason: "No such file")) },
            epochSeconds: { epochSeconds }, builtInDialects: ["cor"], secrets: secrets)
        let result = Configuration.load(bytes: Array(text.utf8), path: "f", inputs: inputs)
        let configuration = try #require(result.configuration, "\(result.diagnostics)")
        return ConfiguredListener(configuration, file: "f", inputs: inputs).diagnostics.map(\.description)
            + ConfiguredTargets(configuration, file: "f", inputs: inputs).diagnostics.map(\.description)
    }

    private static func configuration(listenerKey: String = "/k", tls: String = "") -> String {
        """
        {"listener": {"tls": {"certificate": "/c", "privateKey": "\(listenerKey)"}},
         "targets": {"a.b": {"dialect": "cor", "baseURL": "https://vendor.example", "tls": {\(tls)}}}}
        """
    }

    private var subject: String { self.validity.subject }
    private var last: Int { self.validity.notAfterEpochSeconds }

    @Test("a certificate names its owner and its dates")
    func reading() {
        #expect(self.subject == "/CN=product-gateway development")
        #expect(self.last - self.validity.notBeforeEpochSeconds == 30 * Self.day + 3600)
        #expect(CertificateValidity.read(self.chain + self.chain).count == 2)
        #expect(CertificateValidity.read(self.key) == [])
    }

    @Test("a listener's certificate is an error outside of its time, and a warning for its last two weeks")
    func listener() throws {
        let text = Self.configuration()
        let first = self.validity.notBeforeEpochSeconds
        let path = "f: $.listener.tls.certificate: /c: \(self.subject)"
        #expect(try self.lines(text, at: first) == [])
        #expect(try self.lines(text, at: self.last - 14 * Self.day) == [])
        #expect(
            try self.lines(text, at: self.last - 14 * Self.day + 1) == [
                "f: warning: $.listener.tls.certificate: /c: \(self.subject) expires on \(WallClock.date(self.last))"
            ])
        #expect(try self.lines(text, at: self.last).count == 1)
        #expect(
            try self.lines(text, at: self.last + 1) == [
                "\(path) has expired, on \(WallClock.date(self.last)): every caller refuses it"
            ])
        #expect(
            try self.lines(text, at: first - 1) == [
                "\(path) is not valid yet, only from \(WallClock.date(first)) on: every caller refuses it"
            ])
    }

    @Test("an intermediate that has ended is a warning: there may be another way to the authority")
    func intermediate() throws {
        let leaf = try DevelopmentCertificate(days: 300)
        let text = Self.configuration(listenerKey: "/k2").replacing("\"/c\"", with: "\"/c2\"")
        let files = ["/c2": leaf.certificate + self.chain, "/k2": leaf.privateKey]
        let expired = "/c2: \(self.subject) has expired, on \(WallClock.date(self.last))"
        #expect(
            try self.lines(text, at: self.last + 1, files: files) == [
                "f: warning: $.listener.tls.certificate: \(expired)"
            ])
    }

    @Test("what costs one target is a warning")
    func targets() throws {
        let leaf = try DevelopmentCertificate(days: 300)
        let files = ["/c": leaf.certificate, "/k": leaf.privateKey, "/old": self.chain, "/oldkey": self.key]
        let later = self.last + 1
        let client = Self.configuration(tls: #""clientCertificate": "/old", "clientKey": "/oldkey""#)
        let authority = Self.configuration(tls: #""caFile": "/old""#)
        let expired = "\(self.subject) has expired, on \(WallClock.date(self.last))"
        #expect(
            try self.lines(client, at: later, files: files) == [
                "f: warning: $.targets['a.b'].tls.clientCertificate: /old: \(expired): the vendor refuses it"
            ])
        #expect(
            try self.lines(authority, at: later, files: files) == [
                "f: warning: $.targets['a.b'].tls.caFile: /old: \(expired): no certificate of this vendor is trusted"
            ])
    }

    @Test("of several authorities one that is good is enough, and one that is not is a warning")
    func authorities() throws {
        let long = try DevelopmentCertificate(days: 300)
        let text = Self.configuration(tls: #""caFile": "/all""#)
        let files = ["/c": long.certificate, "/k": long.privateKey, "/all": self.chain + long.certificate]
        #expect(try self.lines(text, at: self.last - Self.day, files: files) == [])
        #expect(
            try self.lines(text, at: self.last + 1, files: files) == [
                """
                f: warning: $.targets['a.b'].tls.caFile: /all: 1 of 2 authorities do not count now: \(self.subject) \
                has expired, on \(WallClock.date(self.last))
                """
            ])
    }

    @Test("a key that is not the certificate's is an error, at the listener and at a target, also without --strict")
    func keys() throws {
        let text = Self.configuration(listenerKey: "/other", tls: #""clientCertificate": "/c", "clientKey": "/other""#)
        let now = self.validity.notBeforeEpochSeconds
        for secrets in [SecretPolicy.required, .reported] {
            let lines = try self.lines(text, at: now, secrets: secrets)
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("f: $.listener.tls: the private key does not belong") == true)
            #expect(lines.last?.hasPrefix("f: $.targets['a.b'].tls: the private key does not belong") == true)
        }
        #expect(try self.lines(text, at: now, secrets: .ignored) == [])
    }

    @Test("a file that may yet come is told of once, by whoever reads the configuration")
    func absent() throws {
        let text = Self.configuration(listenerKey: "/none", tls: #""caFile": "/none""#)
        #expect(try self.lines(text, at: self.validity.notBeforeEpochSeconds, secrets: .reported) == [])
    }
}
