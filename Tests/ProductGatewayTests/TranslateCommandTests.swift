import Foundation
import Testing

@Suite("product-gateway translate and fold")
struct TranslateCommandTests {
    private static let config = BuiltBinary.repository.appending(path: "gateway.json").path

    @Test(
        "each vendor's request is printed with its URL and method",
        arguments: [
            ("cor", "EXT PROD/1", "https://integrations.projectcor.com/v2/integrations/products/EXT%20PROD%2F1"),
            ("elastic-path", "p1", "https://euwest.api.elasticpath.com/pcm/products/p1"),
            (
                "softwareone", "PRD-1234-1234",
                "https://api.platform.softwareone.com/public/v1/catalog/products/PRD-1234-1234"
            ),
            ("catalogue", "c1", "https://your-tenant.coreapi.io/catalogue/products/c1"),
        ])
    func update(target: String, id: String, url: String) throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "translate", "--config", Self.config, "--target", target, "--id", id,
            input: #"{"name": "Zwölf \u00e9 1\/2"}"#)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "")
        #expect(outcome.document["method"] as? String == "PUT")
        #expect(outcome.document["url"] as? String == url)
        let headers = outcome.document["headers"] as? [String: String]
        #expect(headers?["authorization"] == "Bearer ***")
        #expect(headers?["content-type"] == "application/json")
        #expect(outcome.document["warnings"] as? [String] == [])
        // What is only carried over leaves as it came.
        #expect(outcome.output.contains(#""Zwölf \u00e9 1\/2""#))
    }

    @Test("a vendor whose update replaces is read first, and the command says so")
    func readsFirst() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "translate", "--config", Self.config, "--target", "catalogue", "--id", "c1",
            input: #"{"name": "A"}"#)
        let read = outcome.document["readsFirst"] as? [String: String]
        #expect(read?["method"] == "GET")
        #expect(read?["url"] == outcome.document["url"] as? String)
        #expect((outcome.document["body"] as? [String: String]) == ["name": "A"])
    }

    @Test("a create needs no id, and reads a file")
    func create() throws {
        let binary = try BuiltBinary(files: ["new.json": #"{"name": "A", "sku": "A-1"}"#])
        defer { binary.remove() }
        let outcome = try binary.run(
            "translate", "--config", Self.config, "--target", "catalogue", "--operation", "create",
            "new.json")
        #expect(outcome.exitCode == 0)
        #expect(outcome.document["method"] as? String == "POST")
        #expect((outcome.document["body"] as? [String: String])?["number"] == "A-1")
    }

    @Test("what a target cannot take is printed as a problem with pointers, exit code 1")
    func refused() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "translate", "--config", Self.config, "--target", "cor", "--id", "1",
            input: #"{"name": 5, "sku": "x"}"#)
        #expect(outcome.exitCode == 1)
        #expect(outcome.document["status"] as? Int == 422)
        let errors = outcome.document["errors"] as? [[String: String]] ?? []
        #expect(Set(errors.compactMap { $0["pointer"] }) == ["/name", "/sku"])
    }

    @Test("lenient handling drops a field with a warning")
    func lenient() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "translate", "--config", Self.config, "--target", "cor", "--id", "1", "--handling",
            "lenient", input: #"{"name": "A", "sku": "x"}"#)
        #expect(outcome.exitCode == 0)
        let warnings = outcome.document["warnings"] as? [[String: String]]
        #expect(warnings?.first?["pointer"] == "/sku")
    }

    @Test(
        "an unknown target is a problem that names the known ones",
        arguments: [["translate", "--id", "1"], ["fold", "--status", "200"]])
    func unknownTarget(command: [String]) throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            command + ["--config", Self.config, "--target", "sap"], input: "{}")
        #expect(outcome.exitCode == 1)
        #expect(outcome.document["code"] as? String == "unknown_target")
        #expect((outcome.document["detail"] as? String)?.contains("elastic-path") == true)
    }

    @Test("a configuration with mistakes is reported on standard error")
    func mistakes() throws {
        let binary = try BuiltBinary(files: ["gateway.json": #"{"targets": 1}"#])
        defer { binary.remove() }
        let outcome = try binary.run("translate", "--target", "cor", input: "{}")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("gateway.json:1:13: $.targets: expected an object, found the number 1"))
    }

    @Test("an input that cannot be read is wrong usage")
    func missingInput() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "translate", "--config", Self.config, "--target", "cor", "--id", "1", "none.json")
        #expect(outcome.exitCode == 64)
        #expect(outcome.errors.contains("none.json cannot be read: No such file or directory"))
    }

    @Test("a vendor's failure is folded into the problem that a caller would get")
    func foldFailure() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "fold", "--config", Self.config, "--target", "elastic-path", "--status", "404",
            input: #"{"errors":[{"title":"Not Found","status":"404"}]}"#)
        #expect(outcome.exitCode == 0)
        #expect(outcome.document["status"] as? Int == 404)
        let headers = outcome.document["headers"] as? [String: String]
        #expect(headers?["content-type"] == "application/problem+json")
        #expect(headers?["proxy-status"]?.contains("received-status=404") == true)
        let body = outcome.document["body"] as? [String: Any]
        #expect(body?["code"] as? String == "product_not_found")
        #expect(body?["origin"] as? String == "vendor")
    }

    @Test("header fields of the vendor's answer count")
    func foldHeaders() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run(
            "fold", "--config", Self.config, "--target", "cor", "--status", "429", "--header",
            "Retry-After: 30", "/dev/null")
        let headers = outcome.document["headers"] as? [String: String]
        #expect(headers?["retry-after"] == "30")
        #expect(
            try binary.run(
                "fold", "--config", Self.config, "--target", "cor", "--status", "429", "--header", "x"
            ).exitCode == 64)
    }

    @Test("a vendor's success is folded into the canonical answer, a broken-off one is not")
    func foldSuccess() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let body = #"{"id": "PRD-1234-1234", "name": "Monitoring", "revision": 2}"#
        let arguments = ["fold", "--config", Self.config, "--target", "softwareone", "--status", "200"]
        let whole = try binary.run(arguments, input: body)
        #expect(whole.document["status"] as? Int == 200)
        let answer = whole.document["body"] as? [String: Any]
        #expect((answer?["product"] as? [String: Any])?["name"] as? String == "Monitoring")

        let half = try binary.run(arguments + ["--truncated"], input: body)
        #expect((half.document["body"] as? [String: Any])?["code"] as? String == "vendor_unintelligible")
        #expect((half.document["body"] as? [String: Any])?["outcome"] as? String == "unknown")
    }

    @Test("--status must be the status of a final answer", arguments: ["99", "100", "600", "x"])
    func foldStatus(status: String) throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run("fold", "--config", Self.config, "--target", "cor", "--status", status)
        #expect(outcome.exitCode == 64)
    }

    @Test("a missing id is told by the name of the option")
    func missingID() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let arguments = ["translate", "--config", Self.config, "--target", "cor"]
        let outcome = try binary.run(arguments, input: #"{"name": "A"}"#)
        #expect(outcome.exitCode == 1)
        #expect(outcome.document["detail"] as? String == "An update needs the product's id: name it with --id.")
        // Another mistake is told first, and an id in the body is one.
        let wrong = try binary.run(arguments, input: #"{"nmae": "A"}"#)
        #expect(wrong.document["code"] as? String == "validation_failed")
        let named = try binary.run(arguments, input: #"{"name": "A", "ids": {"cor": "E"}}"#)
        #expect(named.exitCode == 0)
    }

    @Test("the answer is folded for the id and the request that were sent")
    func foldRequest() throws {
        let binary = try BuiltBinary(files: ["update.json": #"{"name": "A", "sku": "x"}"#])
        defer { binary.remove() }
        let fold = ["fold", "--config", Self.config, "--target", "cor"]
        let unknown = try binary.run(
            fold + ["--status", "400", "--id", "EXT-7"],
            input: #"{"status":400,"name":"CORCustomError","code":"ZC001","message":"Entity is not associated"}"#)
        let problem = try #require(unknown.document["body"] as? [String: Any])
        #expect((problem["detail"] as? String)?.contains("EXT-7") == true)
        let lenient = try binary.run(
            fold + ["--status", "200", "--id", "EXT-7", "--request", "update.json", "--handling", "lenient"],
            input: #"{"id": 1, "name": "A"}"#)
        let product = try #require(lenient.document["body"] as? [String: Any])
        #expect((product["warnings"] as? [[String: String]])?.first?["pointer"] == "/sku")
        let strict = try binary.run(
            fold + ["--status", "200", "--id", "EXT-7", "--request", "update.json"], input: #"{"id": 1}"#)
        #expect(strict.exitCode == 1)
        #expect(strict.errors.contains("update.json would not have been sent"))
    }

    @Test("the first example of fold's help can be pasted")
    func foldExample() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let help = try binary.run("fold", "--help").output.split(separator: "\n").map(String.init)
        let start = try #require(help.firstIndex { $0.contains("echo '") })
        let example = help[start...(start + 1)].map { $0.trimmingCharacters(in: .whitespaces) }
            .joined(separator: "\n")
        let outcome = try binary.shell(example)
        #expect(outcome.exitCode == 0)
        let problem = try #require(outcome.document["body"] as? [String: Any])
        #expect(problem["code"] as? String == "product_not_found")
    }
}
