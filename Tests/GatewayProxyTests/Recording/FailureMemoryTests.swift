import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("What is remembered of failures")
struct FailureMemoryTests {
    static func failure(
        _ target: String?, _ code: ProblemCode = .vendorError, _ origin: ProblemOrigin = .vendor, at time: Int = 0
    ) -> RecentFailure {
        RecentFailure(
            epochMilliseconds: time, requestID: "at \(time)", traceID: nil, operation: .update, target: target,
            code: code, origin: origin, outcome: .unknown, attempts: 1, vendorStatus: nil, durationMicroseconds: 1,
            detail: nil)
    }

    @Test("failures of one target, code and origin are one kind, and what differs in one is another")
    func kinds() {
        var memory = FailureMemory(groupsMax: 10)
        for failure in [
            Self.failure("a"), Self.failure("a"), Self.failure("b"), Self.failure("a", .vendorTimeout),
            Self.failure("a", .vendorError, .gateway), Self.failure(nil), Self.failure("a"),
        ] { memory.append(failure) }
        #expect(memory.groups.map(\.target) == ["a", nil, "a", "a", "b"])
        #expect(memory.groups.map(\.count) == [3, 1, 1, 1, 1])
        #expect(memory.groups.map(\.code) == [.vendorError, .vendorError, .vendorError, .vendorTimeout, .vendorError])
    }

    @Test("of too many kinds the one that has not been met for longest goes")
    func bound() {
        var memory = FailureMemory(groupsMax: 3)
        for target in ["a", "b", "c", "a", "d"] { memory.append(Self.failure(target)) }
        #expect(memory.groups.map(\.target) == ["d", "a", "c"])
        for number in 0..<1000 { memory.append(Self.failure("\(number)")) }
        #expect(memory.groups.map(\.target) == ["999", "998", "997"])
    }

    @Test("a kind keeps its last few failures, newest first, its number and its beginning")
    func examples() {
        var memory = FailureMemory(groupsMax: 3)
        for time in 1...10 { memory.append(Self.failure("a", at: time)) }
        let group = memory.groups[0]
        #expect(group.examples.map(\.epochMilliseconds) == [10, 9, 8, 7])
        #expect(group.count == 10)
        #expect(group.sinceEpochMilliseconds == 1)
        #expect(group.lastEpochMilliseconds == 10)
    }

    @Test("one kind at several workers is one, with the newest of all")
    func merge() {
        var memories = [FailureMemory(groupsMax: 10), FailureMemory(groupsMax: 10)]
        for time in 1...9 { memories[time % 2].append(Self.failure("a", at: time)) }
        memories[0].append(Self.failure("b", at: 12))
        let groups = FailureGroup.merged(memories.flatMap(\.groups))
        #expect(groups.map(\.target) == ["b", "a"])
        #expect(groups[1].examples.map(\.epochMilliseconds) == [9, 8, 7, 6])
        #expect(groups[1].count == 9)
        #expect(groups[1].sinceEpochMilliseconds == 1)
    }
}
