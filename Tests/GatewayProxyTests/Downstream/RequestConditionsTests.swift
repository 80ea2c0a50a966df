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
        ])
    func strong(list: String, entityTag: String, isMet: Bool) {
        #expect(self.condition(list)?.matches(entityTag) == isMet)
    }

    @Test("several lines are one list")
    func lines() {
        #expect(self.condition("\"1\"", "\"2\"")?.matches("\"2\"") == true)
    }
}
