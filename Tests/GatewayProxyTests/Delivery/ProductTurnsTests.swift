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
    private let product = ProductTurnsTests.product("/products/1")

    private static func product(
        _ path: String, id: String = "1", at baseURL: String = "https://a.example"
    ) -> ProductTurns.Product {
        ProductTurns.Product(baseURL: baseURL, path: Array(path.utf8), id: Array(id.utf8))
    }

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

    @Test("other products, and the same id at another vendor, do not wait")
    func others() {
        #expect(self.take("a") == .taken)
        #expect(self.take("b", Self.product("/products/2", id: "2")) == .taken)
        #expect(self.take("c", Self.product("/products/1", at: "https://b.example")) == .taken)
    }

    @Test("products that have one path, because their ids are elsewhere, do not wait for each other")
    func onePath() {
        #expect(self.take("a", Self.product("/graphql.json", id: "1")) == .taken)
        #expect(self.take("b", Self.product("/graphql.json", id: "2")) == .taken)
        guard case .wait = self.take("c", Self.product("/graphql.json", id: "1")) else {
            Issue.record("both write the product")
            return
        }
    }

    @Test("two targets that lead to one product take turns, whatever their queries")
    func samePlace() {
        #expect(self.take("a", Self.product("/products/1?locale=de")) == .taken)
        guard case .wait = self.take("b", Self.product("/products/1?locale=fr")) else {
            Issue.record("both write the product")
            return
        }
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
