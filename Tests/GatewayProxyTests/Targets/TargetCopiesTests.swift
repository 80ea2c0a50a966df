import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Targets of several workers")
struct TargetCopiesTests {
    /// Two targets that share what was compiled, and one with a plan of its own.
    private func directory() throws -> TargetDirectory {
        let first = try WorkerFixture.target("a")
        let second = Target(try WorkerFixture.target("b"), plan: TargetPlan(first.plan, of: "b"))
        return TargetDirectory(targets: [first, second, try WorkerFixture.target("c")], defaultTarget: "b")
    }

    @Test("each worker but the first gets targets and plans of its own, for the same vendors")
    func copies() throws {
        let directory = try self.directory()
        let copies = directory.copies(3)
        #expect(copies.count == 3)
        #expect(copies[0] === directory)
        for copy in copies[1...] {
            #expect(copy.defaultName == "b")
            #expect(copy.all.map(\.name) == ["a", "b", "c"])
            for (target, original) in zip(copy.all, directory.all) {
                #expect(target !== original)
                #expect(target.plan !== original.plan)
                #expect(target.plan.compilation != original.plan.compilation)
                #expect(target.endpoint === original.endpoint)
                #expect(target.health === original.health)
                #expect(target.plan.capabilityMatrix() == original.plan.capabilityMatrix())
            }
        }
        #expect(copies[1].all[0].plan.compilation != copies[2].all[0].plan.compilation)
    }

    @Test("within a copy, targets with one plan go on sharing what was compiled")
    func sharedWithin() throws {
        let copy = try self.directory().copies(2)[1]
        #expect(copy.all[0].plan.compilation == copy.all[1].plan.compilation)
        #expect(copy.all[0].plan.compilation != copy.all[2].plan.compilation)
    }

    @Test("so many plans that a copy for each worker would cost more than it saves are shared")
    func manyPlans() throws {
        let directory = try self.directory()
        #expect(directory.copies(300).allSatisfy { $0 === directory })
    }
}
