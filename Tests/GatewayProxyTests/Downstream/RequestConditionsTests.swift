import Testing

@testable import GatewayProxy

@Suite("Conditions of a request")
struct RequestConditionsTests {
    private func condition(_ lines: String...) -> EntityTagCondition? {
        var conditions = RequestConditions()
        for line in lines { Array(line.utf8).withUnsafeBufferPointer { conditions.takeIfMatch($0) } }
        return conditions.ifMatch
    }

    @Test(
        "If-Match compares strongly",
        arguments: [
            ("\"1\"", "\"1\"", true), ("\"1\"", "\"2\"", false), ("\"1\", \"2\"", "\"2\"", true),
            ("W/\"1\"", "W/\"1\"", false), ("W/\"1\"", "\"1\"", false), ("*", "\"1\"", true), ("*", "", true),
            ("1", "1", false), ("", "", false), (" \"1\"\t,\"3\" ", "\"1\"", true),
            ("\"a,b\", \"c\"", "\"a,b\"", true), ("\"a,b\"", "\"b\"", false),
        ])
    func strong(list: String, entityTag: String, isMet: Bool) {
        #expect(self.condition(list)?.matches(entityTag) == isMet)
    }

    @Test(
        "what is no list of entity tags is told from a version that the product does not have",
        arguments: [
            ("\"1\"", false), ("*", false), ("W/\"1\", \"\"", false), ("\"a,b\" ,, \"c\"", false),
            ("1", true), ("\"1", true), ("\"1\" \"2\"", true), ("w/\"1\"", true), ("", true), (",", true),
            ("*, \"1\"", true), ("'1'", true), ("\"a b\"", true),
        ])
    func malformed(list: String, isMalformed: Bool) {
        #expect(self.condition(list)?.isMalformed == isMalformed)
    }

    @Test("several lines are one list")
    func lines() {
        #expect(self.condition("\"1\"", "\"2\"")?.matches("\"2\"") == true)
    }
}
