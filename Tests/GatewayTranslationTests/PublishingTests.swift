import Foundation
import GatewayJSON
import GatewayTranslation
import Testing

@Suite("What is published")
struct PublishingTests {
    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("the capability matrix has every field of every target", arguments: Dialect.builtInNames)
    func matrix(name: String) throws {
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: name))
        let matrix = try self.object(plan.capabilityMatrix())
        let fields = try #require(matrix["fields"] as? [[String: Any]])
        #expect(fields.compactMap { $0["pointer"] as? String } == CanonicalProduct.fields.map(\.pointer))
        #expect(matrix["target"] as? String == "t")
    }

    @Test("the matrix says what is sent, cleared, required and switched off")
    func matrixDetails() throws {
        let options = TargetOptions(clearableFields: ["/mpn"])
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: "elastic-path"), options: options)
        let fields = try #require(try self.object(plan.capabilityMatrix())["fields"] as? [[String: Any]])
        func field(_ pointer: String) -> [String: Any] { fields.first { $0["pointer"] as? String == pointer } ?? [:] }
        func update(_ pointer: String, _ member: String) -> Bool? {
            (field(pointer)["update"] as? [String: Any])?[member] as? Bool
        }
        #expect(update("/mpn", "clear") == true)
        #expect(update("/name", "clear") == false)
        #expect(update("/customFields", "set") == false)
        #expect(update("/customFields", "canBeEnabled") == true)
        #expect(update("/clientId", "set") == false)
        #expect((field("/name")["create"] as? [String: Any])?["required"] as? Bool == true)
        #expect(field("/translations")["map"] as? String == "replace")
        #expect(field("/gtin")["vendorPointer"] as? String == "/data/attributes/upc_ean")
        #expect((field("/externalRef")["schema"] as? [String: Any])?["maxLength"] as? Int == 2048)
        #expect((field("/slug")["schema"] as? [String: Any])?["pattern"] as? String == "^[A-Za-z0-9._-]*$")
    }

    @Test("the JSON Schema lists every canonical field, and nothing else may be given")
    func schema() throws {
        let schema = try self.object(ProductSchema.json())
        let properties = try #require(schema["properties"] as? [String: Any])
        for field in CanonicalProduct.fields { #expect(properties[field.tokens[0]] != nil) }
        #expect(schema["additionalProperties"] as? Bool == false)
        #expect((properties["name"] as? [String: Any])?["type"] as? [String] == ["string", "null"])
        let billing = (properties["billing"] as? [String: Any])?["properties"] as? [String: Any]
        #expect(billing?.keys.sorted() == ["costCentre", "invoiceVisibility", "measurement", "taxGroup"])
    }

    @Test("every reference of the OpenAPI document leads somewhere, and every code is in it")
    func openAPI() throws {
        let bytes = OpenAPIDocument.json(
            .init(
                version: "1.2.3", targets: ["cor"], defaultTarget: nil, targetsMax: 8, requestBytesMax: 1_048_576,
                answersInVendorWords: false))
        let document = try self.object(bytes)
        #expect(document["openapi"] as? String == "3.1.0")
        let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
        let text = String(decoding: bytes, as: UTF8.self)
        for part in text.components(separatedBy: "#/components/schemas/").dropFirst() {
            let name = String(part.prefix { $0 != "\"" })
            #expect(schemas[name] != nil, "\(name)")
        }
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let responses = try #require(
            (paths["/v1/products/{id}"]?["patch"] as? [String: Any])?["responses"] as? [String: Any])
        let examples = try #require((document["components"] as? [String: Any])?["examples"] as? [String: [String: Any]])
        for code in ProblemCode.allCases {
            #expect(responses[String(code.status)] != nil)
            let example = examples[code.rawValue]?["value"] as? [String: Any]
            #expect(example?["code"] as? String == code.rawValue)
        }
    }

    @Test("every code has a page", arguments: ProblemCode.allCases)
    func pages(code: ProblemCode) throws {
        let page = try self.object(ProblemPage.json(code))
        #expect(page["status"] as? Int == code.status)
        #expect((page["example"] as? [String: Any])?["code"] as? String == code.rawValue)
        for member in ["meaning", "actor", "advice", "retry"] { #expect((page[member] as? String)?.isEmpty == false) }
    }

    @Test("a success is written as the API promises")
    func answer() throws {
        let plan = try TargetPlan(targetName: "ep", dialect: Dialect(named: "elastic-path"))
        let answer = VendorAnswer(
            status: 200, body: Array(#"{"data":{"id":"a\"b","attributes":{"name":"n"}}}"#.utf8), requestID: "v1")
        let request = try Translator().translate(
            .update, for: plan, id: Array("a\"b".utf8), body: Array(#"{"name":"n"}"#.utf8))
        guard case .product(let product) = Translator().fold(answer, to: request, operation: .update, for: plan) else {
            Issue.record("expected a product")
            return
        }
        func json(isMinimal: Bool) -> String {
            Array("r1".utf8).withUnsafeBufferPointer {
                String(decoding: product.json(target: "ep", requestID: $0, isMinimal: isMinimal), as: UTF8.self)
            }
        }
        #expect(
            json(isMinimal: false)
                == #"{"target":"ep","id":"a\"b","product":{"name":"n"},"warnings":[],"requestId":"r1","#
                + #""vendor":{"status":200,"requestId":"v1"}}"#
        )
        #expect(
            json(isMinimal: true)
                == #"{"target":"ep","id":"a\"b","warnings":[],"requestId":"r1","#
                + #""vendor":{"status":200,"requestId":"v1"}}"#
        )
    }
}
