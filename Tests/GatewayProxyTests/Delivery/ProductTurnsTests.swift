import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Turns at a product")
struct ProductTurnsTests {
    private final class Told {
        var names: [String] = []
    }

    private let turns = ProductTurns()
    private let loop = EmbeddedEventLoop()
    private let told = Told()
    private let product = ProductTurns.Product(target: "catalogue", id: [1])

    private func take(
        _ name: String, _ product: ProductTurns.Product? = nil, waitersMax: Int = 10
    ) -> ProductTurns.Decision {
        self.turns.take(product ?? self.product, waitersMax: waitersMax) {
            LoopReply(to: self.loop) { [told] in told.names.append(name) }
        }
    }

    @Test("one at a time, in the order in which they came")
    func order() {
        #expect(self.take("a") == .taken)
        guard case .wait = self.take("b"), case .wait = self.take("c") else {
            Issue.record("both wait")
            return
        }
        self.turns.giveBack(self.product)
        self.loop.run()
        #expect(self.told.names == ["b"])
        self.turns.giveBack(self.product)
        self.loop.run()
        #expect(self.told.names == ["b", "c"])
        self.turns.giveBack(self.product)
        #expect(self.turns.countForTesting == 0)
    }

    @Test("other products, and the same id at another target, do not wait")
    func others() {
        #expect(self.take("a") == .taken)
        #expect(self.take("b", ProductTurns.Product(target: "catalogue", id: [2])) == .taken)
        #expect(self.take("c", ProductTurns.Product(target: "other", id: [1])) == .taken)
    }

    @Test("whoever leaves the row is passed over; whoever leaves too late has to give the turn back")
    func leaving() {
        #expect(self.take("a") == .taken)
        guard case .wait(let second) = self.take("b"), case .wait = self.take("c") else {
            Issue.record("both wait")
            return
        }
        #expect(self.turns.leave(self.product, second))
        #expect(!self.turns.leave(self.product, second))
        self.turns.giveBack(self.product)
        self.loop.run()
        #expect(self.told.names == ["c"])
    }

    @Test("no more wait than may")
    func bounded() {
        #expect(self.take("a", waitersMax: 1) == .taken)
        guard case .wait = self.take("b", waitersMax: 1) else {
            Issue.record("there is room for one")
            return
        }
        #expect(self.take("c", waitersMax: 1) == .full)
    }
}
