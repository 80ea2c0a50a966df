import GatewayJSON
import Testing

@testable import GatewayConfiguration

/// Every key of the configuration, in the smallest document that can have it.
@Suite("The table of keys")
struct KeyTableTests {
    /// A key that holds a value, and the way to it.
    struct Leaf: CustomTestStringConvertible, Sendable {
        let steps: [KeyDeclaration]
        let siblings: [ObjectDescription]

        var key: KeyDeclaration { self.steps[self.steps.count - 1] }
        var testDescription: String { self.steps.map(\.name).joined(separator: ".") }

        /// The names to go through; a target is called as the example of `defaultTarget` says.
        var names: [String] {
            self.steps.flatMap { step in
                if case .map(element: .object) = step.shape { return [step.name, "elastic-path"] }
                return [step.name]
            }
        }

        /// The smallest document with this value at this key.
        func document(with value: RenderedValue?) -> RenderedValue {
            self.object(at: 0, value)
        }

        private func object(at level: Int, _ value: RenderedValue?) -> RenderedValue {
            let step = self.steps[level]
            var members: [RenderedValue.Member] = []
            var wanted = Set(self.siblings[level].keys.filter(\.isRequired).map(\.name))
            for case .together(let one, let other) in self.siblings[level].rules
            where step.name == one || step.name == other {
                wanted.formUnion([one, other])
            }
            for key in self.siblings[level].keys where key.name != step.name && wanted.contains(key.name) {
                members.append(.init(key.name, key.examples.first ?? Self.oneTarget))
            }
            let isLast = level == self.steps.count - 1
            if isLast { members += self.companions(of: value) }
            var inner = isLast ? value : self.object(at: level + 1, value)
            if !isLast, case .map(element: .object) = step.shape {
                inner = inner.map { .object([.init("elastic-path", $0)]) }
            }
            if let inner { members.append(.init(step.name, inner)) }
            return .object(members)
        }

        /// What a key of the store needs beside it: each belongs to one engine.
        private func companions(of value: RenderedValue?) -> [RenderedValue.Member] {
            let path = RenderedValue.Member("path", "/var/lib/product-gateway/keys.sqlite")
            let url = RenderedValue.Member("url", "redis://127.0.0.1")
            let redis = RenderedValue.Member("engine", "redis")
            switch self.testDescription {
            case "store.engine" where value == "file": return [path]
            case "store.engine" where value == "redis": return [url]
            case "store.path": return [.init("engine", "file")]
            case "store.url": return [redis]
            case "store.user": return [redis, url, .init("password", ["env": "REDIS_PASSWORD"])]
            case "store.password", "store.database", "store.caFile": return [redis, url]
            default: return []
            }
        }

        private static let oneTarget: RenderedValue = [
            "elastic-path": ["dialect": "cor", "baseURL": "https://vendor.example"]
        ]
    }

    static let leaves = leaves(of: Configuration.description, steps: [], siblings: [])

    static func leaves(
        of object: ObjectDescription, steps: [KeyDeclaration], siblings: [ObjectDescription]
    ) -> [Leaf] {
        object.keys.flatMap { key in
            let leaf = Leaf(steps: steps + [key], siblings: siblings + [object])
            switch key.shape {
            case .object(let inner), .map(element: .object(let inner)):
                return Self.leaves(of: inner, steps: leaf.steps, siblings: leaf.siblings)
            case .value, .map:
                return [leaf]
            }
        }
    }

    /// Has all files and variables that examples name.
    static let machine: Machine = {
        var machine = Machine.complete
        for name in ["vendor-ca.pem", "client.crt", "collector-ca.pem", "redis-ca.pem"] {
            machine.files["/etc/gateway/\(name)"] = Machine.certificate
        }
        machine.files["/etc/gateway/client.key"] = Machine.privateKey
        machine.files["./dialects/acme.json"] = "{}"
        machine.environment["HONEYCOMB_KEY"] = "key-1"
        machine.environment["REDIS_PASSWORD"] = "secret-1"
        machine.environment["WOO_KEY"] = "key-2"
        machine.environment["BIGCOMMERCE_TOKEN"] = "token-2"
        machine.files["/run/secrets/woo"] = "secret-3"
        machine.files["/etc/gateway/jwks.json"] = #"{"keys": []}"#
        machine.files["/etc/gateway/callers.crl"] = "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n"
        return machine
    }()

    @Test("there are all the keys that operators know")
    func completeness() {
        let names = Set(Self.leaves.map(\.testDescription))
        for name in [
            "listener.tls.privateKey", "admin.port", "workers", "limits.requestBody",
            "targets.credentials.bearer.token", "targets.credentials.oauth2.style",
            "targets.tls.clientKey", "targets.updateSemantics", "dialects",
        ] {
            #expect(names.contains(name))
        }
        #expect(names.count == Self.leaves.count)
    }

    @Test("every key is explained, has an example and ends its sentence", arguments: leaves)
    func isExplained(leaf: Leaf) {
        #expect(leaf.key.summary.hasSuffix("."))
        #expect(leaf.key.summary.count > 15)
        #expect(!leaf.key.summary.contains("  "))
        #expect(!leaf.key.examples.isEmpty)
    }

    @Test("every example of a key is accepted, and is then in force", arguments: leaves)
    func examplesAreValid(leaf: Leaf) throws {
        for example in leaf.key.examples {
            let text = leaf.document(with: example).compact
            let result = Self.machine.load(text)
            #expect(result.errors == [], "\(text)")
            let configuration = try #require(result.configuration)
            // The reference to the schema is for editors and not in force.
            var value: RenderedValue? = configuration.inForce
            for name in leaf.names { value = value?[name] }
            #expect(value != nil, "\(text)")
        }
    }

    @Test("writing a default changes nothing", arguments: leaves)
    func defaultsAreValid(leaf: Leaf) throws {
        guard case .value(let standard) = leaf.key.standard else { return }
        let with = Self.machine.load(leaf.document(with: standard).compact)
        let without = Self.machine.load(leaf.document(with: nil).compact)
        #expect(with.errors == [])
        let changes = try #require(without.configuration).changes(to: #require(with.configuration))
        #expect(changes == [])
    }

    @Test("the schema accepts whatever the code accepts", arguments: leaves)
    func schemaAgrees(leaf: Leaf) throws {
        let schema = try JSONDocument(parsing: ConfigurationSchema.text)
        let validator = SchemaValidator(root: schema.root)
        let values: [RenderedValue] = [
            .null, true, 0, 1, 5, 100, 4096, 1_000_000, -1, "", "a", "a b", "0s", "2s", "1h", "1MiB",
            "auto", "::", "/x", "/x?y", "https://a.example/", "HTTP://a.example:1", [], ["/a"],
            ["a"], [:], ["env": "A"], ["file": "x"], ["a": 1],
        ]
        for value in values + leaf.key.examples {
            let text = leaf.document(with: value).compact
            guard Self.machine.load(text).errors.isEmpty else { continue }
            let document = try JSONDocument(parsing: text)
            #expect(validator.objections(to: document.root) == [], "\(text)")
        }
    }

    @Test(
        "the schema refuses what it can see",
        arguments: [
            #"{}"#, #"{"targets": {}, "x": 1}"#, #"{"targets": {"a b": {}}}"#,
            #"{"targets": {"a": {"dialect": "cor"}}}"#,
            #"{"targets": {"a": {"dialect": "cor", "baseURL": "ftp://x"}}}"#,
            #"{"targets": {"a": {"dialect": "cor", "baseURL": "http://x", "timeouts": {"connect": 5}}}}"#,
            #"{"targets": {"a": {"dialect": "cor", "baseURL": "http://x", "credentials": {}}}}"#,
            #"{"targets": {"a": {"dialect": "cor", "baseURL": "http://x", "#
                + #""credentials": {"bearer": {"token": "s"}}}}}"#,
            #"{"targets": {"a": {"dialect": "cor", "baseURL": "http://x", "tls": {"clientKey": "k"}}}}"#,
        ])
    func schemaRefuses(text: String) throws {
        let schema = try JSONDocument(parsing: ConfigurationSchema.text)
        let document = try JSONDocument(parsing: text)
        #expect(SchemaValidator(root: schema.root).objections(to: document.root) != [])
    }
}
