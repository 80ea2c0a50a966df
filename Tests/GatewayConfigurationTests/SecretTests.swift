import GatewayConfiguration
import Testing

@Suite("Secrets")
struct SecretTests {
    static func bearer(_ token: String) -> String {
        configuration(target: #""credentials": {"bearer": {"token": \#(token)}}"#)
    }

    static func token(of result: ConfigurationResult) -> Secret? {
        guard case .bearer(let token)? = result.configuration?.targets["cor"]?.credentials else {
            return nil
        }
        return token
    }

    @Test("a secret shows itself as *** however it is printed")
    func isNeverShown() throws {
        let machine = Machine(environment: ["TOKEN": "hunter2"])
        let configuration = try #require(
            machine.load(Self.bearer(#"{"env": "TOKEN"}"#)).configuration)
        let target = try #require(configuration.targets["cor"])
        let token = try #require(Self.token(of: machine.load(Self.bearer(#"{"env": "TOKEN"}"#))))

        #expect(token.reveal() == Array("hunter2".utf8))
        #expect("\(token)" == "***")
        #expect(String(reflecting: token) == "***")

        var dumped = ""
        dump(token, to: &dumped)
        dump(configuration, to: &dumped)
        dump(Optional(target.credentials), to: &dumped)
        let printed = "\(configuration) \(String(reflecting: configuration)) \(target) \(dumped)"
        for form in ["hunter2", "104, 117"] {
            #expect(!printed.contains(form))
        }
        #expect(!configuration.inForce.pretty.contains("hunter2"))
        #expect(configuration.inForce.compact.contains(#""token":{"env":"TOKEN"}"#))
    }

    @Test(
        "line ends behind a secret are dropped, and only there",
        arguments: [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a"), ("a", "a")])
    func lineEnd(content: String, value: String) {
        let machine = Machine(files: ["/run/secrets/t": content])
        let result = machine.load(Self.bearer(#"{"file": "/run/secrets/t"}"#))
        #expect(Self.token(of: result)?.reveal() == Array(value.utf8))
        #expect(result.files.map(\.path) == ["gateway.json", "/run/secrets/t"])
    }

    @Test("a relative secret file begins at the configuration's folder")
    func relativeFile() {
        let machine = Machine(files: ["conf/secrets/t": "x"])
        let result = machine.load(Self.bearer(#"{"file": "secrets/t"}"#), path: "conf/gateway.json")
        #expect(Self.token(of: result)?.source == .file(path: "conf/secrets/t"))
    }

    @Test(
        "a secret that cannot be sent is refused without being shown",
        arguments: [
            ("", "is empty"), ("\n", "is empty"),
            ("hunter2\nhunter3", "contains a control character"),
            ("hunter2\u{0}x", "contains a control character"),
            ("hunter2 x", "contains a space or a byte outside ASCII"),
            ("hunter2é", "contains a space or a byte outside ASCII"),
            ("Bearer hunter2", "begins with the word Bearer, which the gateway adds itself"),
        ])
    func unusable(value: String, reason: String) {
        let machine = Machine(environment: ["TOKEN": value])
        let result = machine.load(Self.bearer(#"{"env": "TOKEN"}"#))
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.contains("environment variable TOKEN \(reason)") == true)
        #expect(!result.lines.joined().contains("hunter"))
    }

    @Test(
        "what is written in place of a secret is refused with the reason, and not shown",
        arguments: [
            (#""hunter2""#, "found the value itself: this file is copied, committed and shown"),
            (#"{"env": "hunter2!"}"#, "expected the name of an environment variable"),
            (#"{"value": "hunter2"}"#, "found another key"),
            (#"{"env": "A", "file": "hunter2"}"#, "found something else"),
            (#"{"env": ["hunter2"]}"#, "found something else"), ("{}", "found something else"),
            (#"["hunter2"]"#, "found something else"), ("12345678", "found something else"),
        ])
    func literal(written: String, reason: String) {
        let result = Machine().load(Self.bearer(written))
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.contains(reason) == true)
        #expect(!result.lines.joined().contains("hunter"))
        #expect(!result.lines.joined().contains("12345678"))
    }

    @Test("a secret one level too high is not shown either")
    func misplaced() {
        for members in [
            #""credentials": "hunter2""#, #""credentials": {"bearer": "hunter2"}"#,
            #""credentials": {"bearer": {"tokn": "hunter2"}}"#,
            #""baseURL2": "https://u:hunter2@a.example""#,
        ] {
            let result = Machine().load(configuration(target: members))
            #expect(!result.errors.isEmpty)
            #expect(!result.lines.joined().contains("hunter"))
        }
        let url = configuration().replacing("vendor.example", with: "me:hunter2@vendor.example")
        let result = Machine().load(url)
        #expect(result.errors.first?.contains("must not stand in a URL") == true)
        #expect(!result.lines.joined().contains("hunter"))
    }

    @Test("a missing secret is an error, a warning or nothing, as the policy says")
    func policies() {
        let text = Self.bearer(#"{"env": "TOKEN"}"#)
        let path = "gateway.json:1:148: "
        let message = "$.targets.cor.credentials.bearer.token: environment variable TOKEN is not set"

        #expect(Machine(secrets: .required).load(text).lines == [path + message])
        #expect(
            Machine(secrets: .reported).load(text).lines == [
                "\(path)warning: \(message) on this machine; `run` needs it"
            ])
        #expect(Machine(secrets: .ignored).load(text).lines == [])
        #expect(Self.token(of: Machine(secrets: .ignored).load(text))?.reveal() == nil)
        // What is there is checked even where it is not needed.
        let empty = Machine(environment: ["TOKEN": ""], secrets: .reported)
        #expect(empty.load(text).errors.count == 1)
    }

    @Test("client id and secret may hold spaces and signs, because they are encoded")
    func clientSecret() {
        let text = configuration(
            target: #"""
                "credentials": {"oauth2": {"tokenURL": "/t", "clientID": {"env": "ID"},
                  "clientSecret": {"env": "SECRET"}}}
                """#)
        let machine = Machine(environment: ["ID": "a b", "SECRET": "ü&="])
        #expect(machine.load(text).lines == [])
    }
}
