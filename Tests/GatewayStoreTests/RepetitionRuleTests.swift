import Testing

@testable import GatewayStore

@Suite("What a request does whose key has been used before")
struct RepetitionRuleTests {
    private static let everyWay = RepetitionRule.Repeatability.allCases

    /// Every cell of the table.
    private static let cells: [(TargetStage?, Bool, RepetitionRule.Repeatability, RepetitionRule.Action)] = [
        (nil, false, .idempotent, .run), (nil, false, .findable, .run), (nil, false, .neither, .run),
        (nil, true, .idempotent, .run), (nil, true, .findable, .run), (nil, true, .neither, .run),
        (.claimed, true, .idempotent, .wait), (.claimed, true, .findable, .wait), (.claimed, true, .neither, .wait),
        (.claimed, false, .idempotent, .run), (.claimed, false, .findable, .run), (.claimed, false, .neither, .run),
        (.sending, true, .idempotent, .wait), (.sending, true, .findable, .wait), (.sending, true, .neither, .wait),
        (.sending, false, .idempotent, .runAgain), (.sending, false, .findable, .lookUp),
        (.sending, false, .neither, .refuseAsUnknown),
        (.done, true, .idempotent, .replay), (.done, true, .findable, .replay), (.done, true, .neither, .replay),
        (.done, false, .idempotent, .replay), (.done, false, .findable, .replay), (.done, false, .neither, .replay),
    ]

    @Test("is in the table, cell by cell", arguments: cells)
    func cell(stage: TargetStage?, isOwned: Bool, way: RepetitionRule.Repeatability, action: RepetitionRule.Action) {
        #expect(RepetitionRule.action(after: stage, isOwned: isOwned, way) == action)
    }

    @Test("the table is complete")
    func complete() {
        #expect(Self.cells.count == (TargetStage.allCases.count + 1) * 2 * Self.everyWay.count)
    }

    @Test("an update may be claimed as sending at once: the table says the same of both")
    func startsSending() {
        let claimed = RepetitionRule.action(after: .claimed, isOwned: false, .idempotent)
        let sending = RepetitionRule.action(after: .sending, isOwned: false, .idempotent)
        #expect(claimed == .run && sending == .runAgain)
    }
}
