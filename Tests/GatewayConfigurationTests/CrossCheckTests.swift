import GatewayConfiguration
import Testing

@Suite("Checks between keys")
struct CrossCheckTests {
    @Test(
        "timeouts must fit into each other, defaults counted",
        arguments: [
            (
                #""connect": "3s", "attempt": "2s""#,
                "connect: connect (3s) must not be longer than attempt (2s)"
            ),
            (#""attempt": "30s""#, "attempt: attempt (30s) must not be longer than total (20s, the default)"),
            (#""total": "5s""#, "total: attempt (10s, the default) must not be longer than total (5s)"),
        ])
    func timeouts(members: String, message: String) {
        let result = Machine().load(configuration(target: "\"timeouts\": {\(members)}"))
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.hasSuffix("$.targets.cor.timeouts.\(message)") == true)
    }

    @Test("equal timeouts fit")
    func equalTimeouts() {
        let members = #""timeouts": {"connect": "2s", "attempt": "2s", "total": "2s"}"#
        #expect(Machine().load(configuration(target: members)).errors == [])
    }

    @Test("a target has exactly one kind of credentials")
    func credentials() {
        let machine = Machine(environment: ["A": "a"])
        let bearer = #""bearer": {"token": {"env": "A"}}"#
        let oauth2 = #""oauth2": {"tokenURL": "/t", "clientID": {"env": "A"}, "clientSecret": {"env": "A"}}"#
        let both = machine.load(configuration(target: "\"credentials\": {\(bearer), \(oauth2)}"))
        let neither = machine.load(configuration(target: #""credentials": {}"#))
        let misspelt = machine.load(configuration(target: #""credentials": {"baerer": {}}"#))
        #expect(
            both.errors.first?.contains(
                "expected exactly one of bearer, oauth2, basic, header and query, found bearer and oauth2") == true)
        #expect(
            neither.errors.first?.contains(
                "expected exactly one of bearer, oauth2, basic, header and query, found none") == true)
        #expect(misspelt.errors.count == 1)
        #expect(misspelt.errors.first?.contains("did you mean \"bearer\"?") == true)
        #expect(machine.load(configuration(target: "\"credentials\": {\(bearer)}")).errors == [])
        #expect(machine.load(configuration(target: "\"credentials\": {\(oauth2)}")).errors == [])
    }

    @Test("the default target must exist")
    func defaultTarget() {
        let result = Machine().load(configuration(root: #""defaultTarget": "billing""#))
        #expect(
            result.errors.first?.hasSuffix(
                "$.defaultTarget: \"billing\" is no target; the targets are cor") == true)
        #expect(Machine().load(configuration(root: #""defaultTarget": "cor""#)).errors == [])
    }

    @Test("a target's dialect is built in or defined, and a definition is used and not built in")
    func dialects() {
        let own = configuration(root: #""dialects": {"acme": {"name": "acme"}}"#)
        let used = own.replacing(#""dialect": "cor""#, with: #""dialect": "acme""#)
        #expect(Machine().load(own).lines.count == 1)
        #expect(Machine().load(own).lines.first?.contains("warning: $.dialects.acme: no target uses") == true)
        #expect(Machine().load(used).lines == [])
        let unknown = configuration().replacing(#""dialect": "cor""#, with: #""dialect": "sap""#)
        #expect(
            Machine().load(unknown).errors.first?.contains(
                """
                "sap" is no dialect; expected one that is built in (cor, elastic-path, softwareone, \
                catalogue) or defined under $.dialects
                """) == true)
        let builtIn = configuration(root: #""dialects": {"cor": {}}"#)
        #expect(Machine().load(builtIn).errors.first?.contains("of this name is built in") == true)
    }

    @Test("a dialect comes byte for byte from its file or from the document")
    func dialectBytes() {
        let machine = Machine(files: ["conf/d/acme.json": "{\"n\": 1.10}\n"])
        let text = configuration(
            root: #""dialects": {"acme": {"file": "d/acme.json"}, "inline": {"n":  1.10}}"#)
        let result = machine.load(text, path: "conf/gateway.json")
        let dialects = result.configuration?.dialects
        #expect(dialects?["acme"]?.bytes == Array("{\"n\": 1.10}\n".utf8))
        #expect(dialects?["acme"]?.path == "conf/d/acme.json")
        #expect(dialects?["inline"]?.bytes == Array(#"{"n":  1.10}"#.utf8))
        #expect(dialects?["inline"]?.path == nil)
        #expect(result.files.map(\.path).contains("conf/d/acme.json"))
    }

    @Test("a dialect file that cannot be read is a mistake even where secrets are not looked at")
    func dialectFileIsMissing() {
        let text = configuration(root: #""dialects": {"acme": {"file": "acme.json"}}"#)
        let result = Machine(secrets: .ignored).load(text)
        #expect(
            result.errors.first?.hasSuffix(
                "$.dialects.acme: ./acme.json cannot be read: No such file or directory") == true)
        let more = configuration(root: #""dialects": {"acme": {"file": "acme.json", "x": 1}}"#)
        #expect(Machine().load(more).errors.first?.contains("and nothing beside it") == true)
    }

    @Test("certificate and key of a client belong together")
    func clientCertificate() {
        let machine = Machine(files: ["/c": Machine.certificate, "/k": Machine.privateKey])
        let one = configuration(target: #""tls": {"clientCertificate": "/c"}"#)
        let both = configuration(target: #""tls": {"clientCertificate": "/c", "clientKey": "/k"}"#)
        #expect(machine.load(one).errors.first?.contains("needs clientKey beside it") == true)
        #expect(machine.load(both).errors == [])
        #expect(machine.load(both).files.map(\.path) == ["gateway.json", "/c", "/k"])
    }

    @Test(
        "a PEM file with something else in it is a mistake",
        arguments: [
            (Machine.privateKey, Machine.privateKey, "$.listener.tls.certificate: /c holds no PEM certificate"),
            (Machine.certificate, Machine.certificate, "$.listener.tls.privateKey: /k holds no PEM private key"),
            (
                Machine.certificate,
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "$.listener.tls.privateKey: /k holds a private key with a passphrase"
            ),
        ])
    func pemFiles(certificate: String, key: String, message: String) {
        let machine = Machine(files: ["/c": certificate, "/k": key])
        let text = configuration().replacing(
            #""host": "127.0.0.1""#, with: #""tls": {"certificate": "/c", "privateKey": "/k"}"#)
        let errors = machine.load(text).errors
        #expect(errors.count == 1)
        #expect(errors.first?.contains(message) == true)
    }

    @Test("what travels unencrypted is a warning")
    func warnings() {
        let machine = Machine(environment: ["A": "a"])
        let text = #"""
            {"targets": {"cor": {"dialect": "cor", "baseURL": "http://vendor.example", "tls": {},
              "credentials": {"oauth2": {"tokenURL": "http://token.example/t",
                "clientID": {"env": "A"}, "clientSecret": {"env": "A"}}}}}}
            """#
        let result = machine.load(text)
        #expect(result.configuration != nil)
        #expect(
            result.lines == [
                """
                gateway.json:1:1: warning: $.listener.host: without listener.tls everything callers \
                send to 0.0.0.0 travels unencrypted; add tls, or listen on 127.0.0.1 behind something \
                that encrypts
                """,
                """
                gateway.json:1:51: warning: $.targets.cor.baseURL: the credentials of this target \
                travel unencrypted, because it begins with http://
                """,
                """
                gateway.json:1:83: warning: $.targets.cor.tls: has no effect, because baseURL begins \
                with http://
                """,
                """
                gateway.json:2:42: warning: $.targets.cor.credentials.oauth2.tokenURL: id and secret \
                travel unencrypted, because it begins with http://
                """,
            ])
    }

    @Test(
        "stages of memory come one after the other, defaults counted",
        arguments: [
            (#""holding": 90"#, "refusing: refusing (85) must be more than holding (90): it comes after it"),
            (#""holding": 85"#, "refusing: refusing (85) must be more than holding (85): it comes after it"),
            (
                #""shedding": 20, "refusing": 30, "holding": 10"#,
                "shedding: shedding (20) must be more than refusing (30): it comes after it"
            ),
            (#""shedding": 120"#, "shedding: expected a percentage from 10 to 99, found 120"),
        ])
    func memoryStages(members: String, message: String) {
        let result = Machine().load(configuration(root: "\"limits\": {\"memoryStages\": {\(members)}}"))
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.hasSuffix("$.limits.memoryStages.\(message)") == true)
    }

    @Test("the memory is a size, or what the system says")
    func memory() {
        for value in [#""auto""#, #""256MiB""#, "268435456"] {
            #expect(Machine().load(configuration(root: "\"limits\": {\"memory\": \(value)}")).errors == [])
        }
        for value in [#""most""#, #""1MiB""#, "true"] {
            let errors = Machine().load(configuration(root: "\"limits\": {\"memory\": \(value)}")).errors
            #expect(errors.count == 1)
            #expect(errors.first?.contains("$.limits.memory: expected") == true)
        }
    }

    @Test("limits that contradict each other are mistakes")
    func limits() {
        let buffer = configuration(root: #""limits": {"connectionBuffer": "64KiB"}"#)
        let backoff = configuration(target: #""retries": {"backoff": "3s"}"#)
        let ports = configuration(root: #""admin": {"port": 8443}"#)
        #expect(
            Machine().load(buffer).errors.first?.contains(
                "connectionBuffer (64KiB) must not be smaller than requestBody (1MiB)") == true)
        #expect(
            Machine().load(backoff).errors.first?.contains(
                "backoff (3s) must not be longer than backoffMax (2s)") == true)
        #expect(Machine().load(ports).errors.first?.contains("same host and port") == true)
    }

    @Test("pointers are checked one by one")
    func pointers() {
        let text = configuration(target: #""enable": ["customFields", "/a~2b", "/a~0b", "/a~0b", 1]"#)
        let errors = Machine().load(text).errors
        #expect(errors.count == 4)
        #expect(errors[0].contains("$.targets.cor.enable[0]: expected a JSON Pointer"))
        #expect(errors[0].hasSuffix("it begins with a slash"))
        #expect(errors[1].contains("enable[1]"))
        #expect(errors[2].hasSuffix("enable[3]: \"/a~0b\" stands in this list twice"))
        #expect(errors[3].contains("enable[4]"))
    }
}
