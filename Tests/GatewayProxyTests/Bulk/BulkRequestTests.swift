import GatewayJSON
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("A line says what is asked")
struct BulkRequestTests {
    private static func read(_ text: String) -> Result<BulkRequest, BulkRequest.Refusal> {
        let tape = JSONTape()
        return Array(text.utf8).withUnsafeBufferPointer { bytes in
            do throws(BulkRequest.Refusal) {
                return .success(
                    try BulkRequest.read(
                        bytes, tape: tape, limits: JSONLimits(bytesMax: 2_000, depthMax: 8), targets: ["a", "b"]))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func pointers(_ text: String) -> [String] {
        guard case .failure(let refusal) = self.read(text) else { return ["taken"] }
        return refusal.problem.errors.map { "\($0.pointer ?? "-") \($0.code)" }
    }

    @Test("an update has an id and a product, which is taken as it stands")
    func update() throws {
        let request = try Self.read(#"{ "product" : {"name" : "x\u00e9"} , "id":"p\u002d1"}"#).get()
        #expect(request.id == Array("p-1".utf8))
        #expect(request.operation == .update)
        #expect(request.product == Array(#"{"name" : "x\u00e9"}"#.utf8))
        #expect(request.targets == [])
    }

    @Test("a create has no id, and a line may choose among the stream's targets")
    func createAndTargets() throws {
        let create = try Self.read(#"{"op":"create","product":{}}"#).get()
        #expect(create.operation == .create)
        #expect(create.id == nil)
        #expect(try Self.read(#"{"id":"1","op":"update","target":"b","product":{}}"#).get().targets == [1])
        #expect(try Self.read(#"{"id":"1","target":"b,a","product":{}}"#).get().targets == [1, 0])
    }

    @Test(
        "everything that is wrong with a line is told",
        arguments: [
            (#"{}"#, ["/product required", "/id required"]),
            (#"{"id":1,"product":[]}"#, ["/id wrong_type", "/product wrong_type"]),
            (#"{"id":"1","product":{},"op":"delete"}"#, ["/op not_allowed"]),
            (#"{"id":"1","product":{},"op":null}"#, ["/op wrong_type"]),
            (#"{"id":"1","product":{},"target":"c"}"#, ["/target not_allowed"]),
            (#"{"id":"1","product":{},"target":"a,a"}"#, ["/target not_allowed"]),
            (#"{"id":"1","product":{},"target":""}"#, ["/target not_allowed"]),
            (#"{"id":"1","product":{},"target":["a"]}"#, ["/target wrong_type"]),
            (#"{"id":"1","product":{},"key":""}"#, ["/key invalid"]),
            (#"{"id":"1","product":{},"key":"a b"}"#, ["/key invalid"]),
            (#"{"id":"1","product":{},"key":1}"#, ["/key wrong_type"]),
            (#"{"id":"1","product":{},"a/b":0}"#, ["/a~1b unknown_member"]),
            (#"{"id":"1","op":"create","product":{}}"#, ["/id not_allowed"]),
            (#"{"id":"..","product":{}}"#, ["/id invalid"]),
            (#"{"id":"","product":{}}"#, ["/id invalid"]),
            (#"{"id":"1","id":"2","product":{}}"#, ["/id duplicate_member"]),
        ])
    func mistakes(text: String, errors: [String]) { #expect(Self.pointers(text) == errors) }

    @Test("an id of 8 KB is refused, and named")
    func longID() {
        let id = String(repeating: "x", count: 1_500)
        guard case .failure(let refusal) = Self.read("{\"id\":\"\(id)\",\"product\":{}}") else {
            Issue.record("it was taken")
            return
        }
        #expect(refusal.id == Array(id.utf8))
    }

    @Test(
        "what is no JSON object is refused", arguments: ["", "nonsense", "[]", "1", "{\"id\":\"\u{1}\"}", "{\"id\":"])
    func noObject(text: String) {
        guard case .failure(let refusal) = Self.read(text) else {
            Issue.record("it was taken")
            return
        }
        #expect(refusal.problem.outcome == .notSent)
        #expect([.malformedJSON, .invalidRequest].contains(refusal.problem.code))
    }

    @Test("nesting and length are bounded")
    func bounds() {
        for text in [String(repeating: "[", count: 1_000), "\"" + String(repeating: "x", count: 3_000) + "\""] {
            guard case .failure(let refusal) = Self.read(text) else {
                Issue.record("it was taken")
                return
            }
            #expect(refusal.problem.code == .malformedJSON)
        }
    }
}
