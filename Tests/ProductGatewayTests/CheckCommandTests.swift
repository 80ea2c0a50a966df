import Foundation
import Testing

@testable import product_gateway

@Suite("product-gateway check")
struct CheckCommandTests {
    private static let valid = """
        {
          "listener": { "host": "127.0.0.1" },
          "targets": {
            "billing": {
              "dialect": "catalogue", "baseURL": "https://vendor.example",
              "credentials": { "bearer": { "token": { "env": "TOKEN" } } }
            }
          }
        }
        """

    private static let note = "idempotency keys are kept in memory: they do not survive a restart\n"

    @Test("the configuration of the repository has no mistakes")
    func repository() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let file = BuiltBinary.repository.appending(path: "gateway.json").path
        let outcome = try binary.run("check", "--config", file, "--without-secrets")
        #expect(outcome.exitCode == 0)
        #expect(
            outcome.output
                == "\(file) is valid: 4 targets (catalogue, cor, elastic-path, softwareone)\n\(Self.note)")
        #expect(outcome.errors == "")
    }

    @Test("every mistake is a line with its place, and the exit code is 1")
    func mistakes() throws {
        let wrong = Self.valid
            .replacing("\"catalogue\"", with: "\"catalog\"").replacing("\"host\"", with: "\"hots\"")
        let binary = try BuiltBinary(files: ["gateway.json": wrong])
        defer { binary.remove() }
        let outcome = try binary.run("check", environment: ["TOKEN": "x"])
        #expect(outcome.exitCode == 1)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains("gateway.json:2:25: $.listener.hots: unknown key; did you mean \"host\"?"))
        #expect(
            lines.contains(
                """
                gateway.json:5:18: $.targets.billing.dialect: "catalog" is no dialect; did you mean \
                "catalogue"?
                """))
        #expect(lines.last?.hasPrefix("gateway.json is not valid: 2 mistakes") == true)
    }

    @Test("mistakes that only a dialect knows are found too")
    func dialectMistakes() throws {
        let wrong = Self.valid.replacing(
            "\"credentials\"", with: "\"enable\": [\"/colour\"], \"credentials\"")
        let binary = try BuiltBinary(files: ["gateway.json": wrong])
        defer { binary.remove() }
        let outcome = try binary.run("check", environment: ["TOKEN": "x"])
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("gateway.json:6:18: $.targets.billing.enable[0]: "))
        #expect(outcome.output.contains("/colour"))
    }

    @Test("a mistake in an own dialect has its place in the file, and brings no second one with it")
    func ownDialect() throws {
        let dialect = #"""
            {"format": 1, "name": "x", "titel": "X",
              "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
              "answer": {"required": ["/id"]}, "fields": {"/nam": {"vendor": "/n"}}}
            """#
        let own = Self.valid.replacing("\"catalogue\"", with: "\"my.own\"")
        let inline = own.replacing("\"targets\"", with: "\"dialects\": {\n \"my.own\": \(dialect)},\n  \"targets\"")
        let binary = try BuiltBinary(files: ["gateway.json": inline])
        defer { binary.remove() }
        let expected = [
            #"$.dialects['my.own'].title: is missing: expected the vendor as people call it"#,
            #"$.dialects['my.own'].titel: unknown key; did you mean "title"?"#,
            #"$.dialects['my.own'].fields['/nam']: "/nam" is not a canonical pointer; did you mean "/name"?"#,
        ]
        let places = ["4:12", "4:48", "6:55"]
        let lines = try binary.run("check", environment: ["TOKEN": "x"]).output.split(separator: "\n").dropLast()
        #expect(lines.map(String.init) == zip(places, expected).map { "gateway.json:\($0): \($1)" })

        let apart = own.replacing(
            "\"targets\"", with: #""dialects": {"my.own": {"file": "own.json"}}, "targets""#)
        let other = try BuiltBinary(files: ["gateway.json": apart, "own.json": dialect])
        defer { other.remove() }
        let otherLines = try other.run("check", environment: ["TOKEN": "x"]).output.split(separator: "\n").dropLast()
        #expect(
            otherLines.map(String.init)
                == zip(["1:1", "1:37", "3:55"], expected).map {
                    "./own.json:\($0): " + $1.replacing("$.dialects['my.own']", with: "$")
                })
    }

    @Test("a missing secret is a warning, and a mistake with --strict")
    func missingSecret() throws {
        let binary = try BuiltBinary(files: ["gateway.json": Self.valid])
        defer { binary.remove() }
        let lenient = try binary.run("check")
        #expect(lenient.exitCode == 0)
        #expect(lenient.output.contains("warning: $.targets.billing.credentials.bearer.token: environment"))
        #expect(lenient.output.hasSuffix("gateway.json is valid: 1 target (billing), 1 warning\n\(Self.note)"))

        let strict = try binary.run("check", "--strict")
        #expect(strict.exitCode == 1)
        #expect(strict.output.hasSuffix("gateway.json is not valid: 1 mistake\n"))
        #expect(try binary.run("check", "--strict", environment: ["TOKEN": "x"]).exitCode == 0)
    }

    @Test("the effective configuration shows defaults, and secrets as their place")
    func effective() throws {
        let binary = try BuiltBinary(files: ["gateway.json": Self.valid])
        defer { binary.remove() }
        let outcome = try binary.run(
            "check", "--print", "effective", environment: ["TOKEN": "hunter2"])
        #expect(outcome.exitCode == 0)
        #expect((outcome.document["admin"] as? [String: Any])?["port"] as? Int == 9901)
        #expect(!outcome.output.contains("hunter2"))
        #expect(outcome.output.contains("\"TOKEN\""))
    }

    @Test("the printed schema is the one in the repository")
    func schema() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let file = BuiltBinary.repository.appending(path: "gateway.schema.json")
        let outcome = try binary.run("check", "--print", "schema")
        #expect(outcome.output == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("a file that is not there is a mistake, an unknown option is wrong usage")
    func usage() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let missing = try binary.run("check", "--config", "none.json")
        #expect(missing.exitCode == 1)
        #expect(missing.output.contains("none.json: $: the file cannot be read: No such file"))
        #expect(try binary.run("check", "--colour").exitCode == 64)
        #expect(try binary.run("check", "--strict", "--without-secrets").exitCode == 64)
    }

    @Test(
        "the summary counts in words",
        arguments: [
            (["a"], 0, 0, true, "is valid: 1 target (a)"),
            (["a", "b"], 0, 2, true, "is valid: 2 targets (a, b), 2 warnings"),
            ([], 1, 0, false, "is not valid: 1 mistake"),
            (["a"], 3, 1, false, "is not valid: 3 mistakes, 1 warning"),
        ])
    func summary(targets: [String], errors: Int, warnings: Int, isValid: Bool, text: String) {
        #expect(
            CheckCommand.summary(targets: targets, errors: errors, warnings: warnings, isValid: isValid)
                == text)
    }
}
