import Synchronization
import Testing

@testable import GatewayProxy

@Suite("The memory budget")
struct MemoryBudgetTests {
    private static let limits = MemoryBudget.Limits(bytes: 1_000, percents: (70, 85, 95))

    @Test(
        "has the stages that are configured",
        arguments: [
            (0, MemoryStage.ample), (699, .ample), (700, .holding), (849, .holding), (850, .refusing), (949, .refusing),
            (950, .shedding), (5_000, .shedding),
        ])
    func stages(bytes: Int, stage: MemoryStage) {
        let budget = MemoryBudget(Self.limits)
        budget.add(bytes)
        #expect(budget.stage == stage)
        budget.add(-bytes)
        #expect(budget.stage == .ample)
    }

    @Test("counts how often each stage was reached from below, also where several are at once")
    func counts() {
        let budget = MemoryBudget(Self.limits)
        func reached() -> [Int] { MemoryStage.allCases.map { budget.timesReached($0) } }
        budget.add(700)
        budget.add(100)
        #expect(reached() == [0, 1, 0, 0])
        budget.add(160)
        #expect(reached() == [0, 1, 1, 1])
        budget.add(-900)
        budget.add(900)
        #expect(reached() == [0, 2, 2, 2])
        budget.add(-120)
        budget.add(50)
        #expect(reached() == [0, 2, 3, 2])
    }

    @Test("has event loops give up what is largest once, until one says that it is done")
    func shedding() {
        let budget = MemoryBudget(Self.limits)
        let asked = Atomic(0)
        budget.onShedding { asked.wrappingAdd(1, ordering: .relaxed) }
        budget.add(960)
        budget.add(10)
        #expect(asked.load(ordering: .relaxed) == 1)
        // To the middle between the two stages: a few bytes less would only be taken at once.
        #expect(budget.bytesToShed == 970 - 900)
        budget.hasShed()
        budget.add(1)
        #expect(asked.load(ordering: .relaxed) == 2)
        budget.add(-100)
        #expect(budget.bytesToShed == 0)
    }

    @Test("can be changed while it is in use")
    func replaced() {
        let budget = MemoryBudget(Self.limits)
        budget.add(800)
        budget.replace(.init(bytes: 10_000))
        #expect(budget.stage == .ample)
        #expect(budget.bytesMax == 10_000)
    }

    @Test("says once that much has been given back")
    func fallen() {
        let budget = MemoryBudget()
        budget.add(1_000)
        budget.add(-900)
        #expect(!budget.hasFallen(by: 901))
        #expect(budget.hasFallen(by: 900))
        #expect(!budget.hasFallen(by: 900))
    }

    @Test("is told by an event loop in pieces, and by what ends its owner")
    func loop() {
        let budget = MemoryBudget(Self.limits)
        let memory = LoopMemory(budget: budget)
        do {
            var share = MemoryShare(of: memory)
            share.set(30_000)
            #expect(budget.bytesTaken == 0)
            share.set(50_000)
            #expect(budget.bytesTaken == 50_000)
            share.set(50_000)
            #expect(budget.bytesTaken == 50_000)
        }
        #expect(budget.bytesTaken == 0)
    }

    @Test("lets what is small grow in every stage, and what is large in the first only")
    func growth() {
        let memory = LoopMemory(budget: MemoryBudget(Self.limits))
        #expect(memory.mayGrow(to: 10_000_000))
        memory.budget.add(700)
        #expect(memory.mayGrow(to: 64 * 1024))
        #expect(!memory.mayGrow(to: 64 * 1024 + 1))
    }
}
