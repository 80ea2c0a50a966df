import GatewayConfiguration
import GatewayIdentity
import GatewayJSON
import Glibc

/// Callers to play with beside the vendors' stand-ins: one that may change everything, one that may set some members at
/// some targets, each with a key, the second also with a token of an issuer that is made up for this run.
///
/// All secrets are made at the start, and stand in files of a folder that only this user can read, which goes at the
/// end. They are good in this process only.
struct SandboxedCallers {
    enum Failure: Error, CustomStringConvertible {
        case noRandomNumbers
        case unwritable(path: String, reason: String)

        var description: String {
            switch self {
            case .noRandomNumbers: "no keys for the sandbox's callers: the system has no random numbers"
            case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
            }
        }
    }

    static let free = "publisher"
    static let bounded = "copywriter"
    /// What the second may set.
    static let members = ["/description", "/shortDescription", "/translations/*/description"]
    private static let issuerName = "sandbox"
    private static let issuer = "https://issuer.sandbox.invalid"
    private static let audience = "product-gateway-sandbox"
    /// The token lasts for a day of playing.
    private static let tokenSeconds = 24 * 3600

    /// With everything below, for people to read from.
    let folder: String
    private let digests: [String: String]
    private let keySet: [UInt8]
    private let files: [String]

    var keyFile: String { "\(self.folder)/\(Self.bounded).key" }
    var freeKeyFile: String { "\(self.folder)/\(Self.free).key" }
    var tokenFile: String { "\(self.folder)/\(Self.bounded).jwt" }
    var keySetFile: String { "\(self.folder)/jwks.json" }

    /// Makes keys and token, and writes them.
    init(nowEpochSeconds now: Int = time(nil)) throws(Failure) {
        var contents: [(name: String, bytes: [UInt8])] = []
        var digests: [String: String] = [:]
        for caller in [Self.free, Self.bounded] {
            guard let key = APIKey.make(), let digest = key.digest else { throw .noRandomNumbers }
            digests[caller] = digest.hexadecimal
            contents.append(("\(caller).key", Array(key.text.utf8) + [UInt8(ascii: "\n")]))
        }
        guard let issuer = DevelopmentIssuer(), let token = issuer.token(claims: Self.claims(now)) else {
            throw .noRandomNumbers
        }
        contents.append(("\(Self.bounded).jwt", token + [UInt8(ascii: "\n")]))
        contents.append(("jwks.json", issuer.keySet))
        self.digests = digests
        self.keySet = issuer.keySet
        self.folder = try Self.makeFolder()
        var files: [String] = []
        do throws(Failure) {
            for (name, bytes) in contents {
                try Self.write(bytes, to: "\(self.folder)/\(name)")
                files.append("\(self.folder)/\(name)")
            }
        } catch {
            for file in files { unlink(file) }
            rmdir(self.folder)
            throw error
        }
        self.files = files
    }

    func remove() {
        for file in self.files { unlink(file) }
        rmdir(self.folder)
    }

    private static func claims(_ now: Int) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { writer in
            writer.member("iss", self.issuer)
            writer.member("aud", self.audience)
            writer.member("sub", self.bounded)
            writer.member("client_id", self.bounded)
            writer.member("iat", now)
            writer.member("exp", now + self.tokenSeconds)
            writer.member("jti", "sandbox")
        }
        return writer.bytes
    }

    private static func makeFolder() throws(Failure) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        // mkdtemp makes a folder that was not there, for this user alone.
        var template = Array("\(parent)/product-gateway-callers-XXXXXX".utf8CString)
        let isMade = mkdtemp(&template) != nil
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard isMade else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        return path
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
    }

    // MARK: The configuration

    /// Adds them to a configuration without callers. Requests that prove nothing stay allowed: the first request that
    /// somebody tries needs no key.
    func add(to configuration: inout Configuration) {
        guard configuration.callers.isEmpty else { return }
        configuration.anonymous = .allow
        configuration.issuers[Self.issuerName] = IssuerConfiguration(
            name: Self.issuerName, issuer: Self.issuer, keySet: .file(path: self.keySetFile, bytes: self.keySet),
            audience: [Self.audience], algorithms: [.edDSA], maxLifetime: .seconds(Self.tokenSeconds))
        let targets = Self.targets(of: configuration)
        for (name, digest) in self.digests {
            var caller = CallerConfiguration(name: name, identify: [.keys([digest])])
            if name == Self.bounded {
                caller.identify.append(.token(TokenProof(issuer: Self.issuerName, subject: name)))
                caller.allow = [
                    AccessRule(targets: targets, operations: [.update], fields: .only(Self.members)),
                    AccessRule(targets: targets, operations: [.read], fields: .all),
                ]
            }
            configuration.callers[name] = caller
        }
    }

    /// Whether a configuration has these callers, and not its own.
    func are(in configuration: Configuration) -> Bool {
        configuration.callers[Self.free]?.identify == self.digests[Self.free].map { [.keys([$0])] }
    }

    /// Where the second may do something: not everywhere.
    static func targets(of configuration: Configuration) -> [String] {
        let names = configuration.targets.values.filter { ["cor", "elastic-path"].contains($0.dialect) }.map(\.name)
        return names.isEmpty ? Array(configuration.targets.keys.sorted().prefix(1)) : names.sorted()
    }
}
