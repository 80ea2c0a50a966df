import GatewayConfiguration
import Testing

@Suite("Mistakes in gateway.json")
struct ConfigurationDiagnosticTests {
    @Test("a mistake names file, line, column, path, what was expected and what was found")
    func format() {
        let text = """
            {
              "listener": { "host": "127.0.0.1" },
              "targets": {
                "cor": {
                  "dialect": "cor", "baseURL": "https://vendor.example",
                  "timeouts": { "connect": 5 }
                }
              }
            }
            """
        #expect(
            Machine().load(text).lines == [
                """
                gateway.json:6:32: $.targets.cor.timeouts.connect: expected a duration such as "2s" \
                or "500ms", found the number 5; which unit? "5ms", "5s", "5m" or "5h"
                """
            ])
    }

    @Test("every mistake is found at once, in the order of the document")
    func allAtOnce() {
        let text = """
            {
              "listener": { "host": "[::1]", "port": 70000 },
              "workers": "many",
              "defaultTarget": "corr",
              "limits": { "requestBody": "1MB", "headerCount": 1.5 },
              "targets": {
                "cor": { "dialect": "cro", "baseUrl": "https://a.example" },
                "a b": {},
                "ep": { "dialect": "elastic-path", "baseURL": "ftp://b.example", "handling": "Strict" }
              },
              "drainTimeout": null
            }
            """
        #expect(
            Machine().load(text).lines == [
                """
                gateway.json:2:25: $.listener.host: expected an IP address or a host name such as \
                "127.0.0.1", found "[::1]"; an IPv6 address stands without brackets here
                """,
                "gateway.json:2:42: $.listener.port: expected a port number from 0 to 65535, found 70000",
                """
                gateway.json:3:14: $.workers: expected "auto" or a number of workers from 1 to 256, \
                found "many"
                """,
                """
                gateway.json:4:20: $.defaultTarget: "corr" is no target; did you mean "cor"?
                """,
                """
                gateway.json:5:30: $.limits.requestBody: expected a size such as "1MiB", "64KiB" or a \
                number of bytes, found "1MB"; did you mean "1MiB" (1024 KiB each)?
                """,
                """
                gateway.json:5:52: $.limits.headerCount: expected a number of fields from 16 to 1000, \
                found 1.5
                """,
                """
                gateway.json:7:12: $.targets.cor.baseURL: is missing: expected a URL such as \
                "https://api.vendor.example"
                """,
                """
                gateway.json:7:25: $.targets.cor.dialect: "cro" is no dialect; did you mean "cor"?
                """,
                """
                gateway.json:7:43: $.targets.cor.baseUrl: unknown key; did you mean "baseURL"?
                """,
                """
                gateway.json:8:12: $.targets['a b']: this name cannot be used: expected 1 to 63 \
                letters, digits, hyphens, underscores and dots, a letter or digit first
                """,
                """
                gateway.json:9:51: $.targets.ep.baseURL: expected a URL that begins with https:// or \
                http://
                """,
                """
                gateway.json:9:82: $.targets.ep.handling: expected "strict" or "lenient", found \
                "Strict"; did you mean "strict"?
                """,
                """
                gateway.json:11:19: $.drainTimeout: expected a duration such as "2s" or "500ms", found \
                null
                """,
            ])
    }

    @Test("keys that occur twice are all found, and the rest is still checked")
    func duplicates() {
        let text = """
            {
              "targets": { "cor": { "dialect": "cor", "baseURL": "https://a.example",
                "handling": "strict", "handling": {"x": ["}", 1]}, "timeouts": {} , "timeouts": {} } },
              "listener": {"host": "127.0.0.1"},
              "workers": 0, "workers": 2
            }
            """
        #expect(
            Machine().load(text).lines == [
                "gateway.json:3:27: $.targets.cor.handling: this key occurs twice here",
                "gateway.json:3:73: $.targets.cor.timeouts: this key occurs twice here",
                """
                gateway.json:5:14: $.workers: expected "auto" or a number of workers from 1 to 256, \
                found 0
                """,
                "gateway.json:5:17: $.workers: this key occurs twice here",
            ])
    }

    @Test("a text that is not JSON is refused with line, column and reason")
    func notJSON() {
        let lines = Machine().load("{\n  \"targets\": {,\n}").lines
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("gateway.json:2:15: $: this is not JSON: ") == true)
    }

    @Test(
        "a document that is no object is refused",
        arguments: ["[]", "null", "\"x\"", "1"])
    func notAnObject(text: String) {
        let result = Machine().load(text)
        #expect(result.configuration == nil)
        #expect(result.lines.first?.contains("expected an object, found") == true)
    }

    @Test("a file that cannot be read is reported with the system's reason")
    func missingFile() {
        let result = Configuration.load(path: "conf/gateway.json", inputs: Machine().inputs)
        #expect(
            result.lines == [
                "conf/gateway.json: $: the file cannot be read: No such file or directory"
            ])
        #expect(result.files.map(\.path) == ["conf/gateway.json"])
    }

    @Test("targets are required, and at least one")
    func targetsAreRequired() {
        let none = #"{"listener": {"host": "127.0.0.1"}}"#
        let empty = #"{"listener": {"host": "127.0.0.1"}, "targets": {}}"#
        #expect(
            Machine().load(none).lines == [
                "gateway.json:1:1: $.targets: is missing: expected an object"
            ])
        #expect(
            Machine().load(empty).lines == [
                "gateway.json:1:48: $.targets: expected at least one, found none"
            ])
    }

    @Test("an object of another kind is one mistake, not one for each key in it")
    func wrongKindOfObject() {
        let text = configuration(target: #""credentials": [], "tls": true"#)
        #expect(
            Machine().load(text).errors == [
                "gateway.json:1:127: $.targets.cor.credentials: expected an object, found an array",
                "gateway.json:1:138: $.targets.cor.tls: expected an object, found true",
            ])
    }

    @Test("an unknown key without a near one lists the keys that there are")
    func unknownKey() {
        let text = configuration(root: #""admin": {"colour": 1}"#)
        #expect(
            Machine().load(text).errors == [
                "gateway.json:1:134: $.admin.colour: unknown key; the keys here are host, port, workbench, keySHA256, "
                    + "openHealthChecks, tls"
            ])
    }

    @Test(
        "a key in another style or with a typing mistake is recognised",
        arguments: [
            ("default_target", "defaultTarget"), ("drain-timeout", "drainTimeout"),
            ("Workers", "workers"), ("wrokers", "workers"), ("target", "targets"),
        ])
    func suggestion(written: String, meant: String) {
        let text = configuration(root: "\"\(written)\": 1")
        let errors = Machine().load(text).errors
        #expect(errors.count == 1)
        #expect(errors.first?.contains("unknown key; did you mean \"\(meant)\"?") == true)
    }

    @Test("long values are shortened, and control characters stay escaped")
    func found() {
        let long = String(repeating: "x", count: 500)
        let text = configuration(root: #""workers": "\#(long)", "drainTimeout": "\u001b[31m""#)
        let errors = Machine().load(text).errors
        #expect(errors.first?.utf8.count ?? 0 < 250)
        #expect(errors.last?.contains(#"found "\u001b[31m""#) == true)
    }
}
