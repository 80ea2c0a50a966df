import Testing

@testable import GatewayProxy

@Suite("Lines of one product go in their order")
struct BulkOrderTests {
    private static let one: [UInt8] = [1]
    private static let two: [UInt8] = [2]

    private static func words(_ end: BulkOrder<Int>.OnEnd) -> String {
        switch end {
        case .nothing: "nothing"
        case .next(let waiter): "next \(waiter)"
        case .refuse(let waiters): "refuse \(waiters)"
        }
    }

    @Test("the second line of a product waits for the first, those of others do not")
    func order() {
        var order = BulkOrder<Int>(goesOnAfterFailure: false)
        #expect(order.arrived(1, id: Self.one) == .go)
        #expect(order.arrived(2, id: Self.one) == .wait)
        #expect(order.arrived(3, id: Self.two) == .go)
        #expect(order.arrived(4, id: Self.one) == .wait)
        #expect(Self.words(order.ended(id: Self.one, hasFailed: false)) == "next 2")
        #expect(Self.words(order.ended(id: Self.two, hasFailed: false)) == "nothing")
        #expect(Self.words(order.ended(id: Self.one, hasFailed: false)) == "next 4")
        #expect(order.arrived(5, id: Self.one) == .wait)
        #expect(Self.words(order.ended(id: Self.one, hasFailed: false)) == "next 5")
        #expect(Self.words(order.ended(id: Self.one, hasFailed: false)) == "nothing")
        #expect(order.arrived(6, id: Self.one) == .go)
    }

    @Test("what waits behind a failed line is not sent, nor what comes later for the product")
    func failure() {
        var order = BulkOrder<Int>(goesOnAfterFailure: false)
        _ = order.arrived(1, id: Self.one)
        _ = order.arrived(2, id: Self.one)
        _ = order.arrived(3, id: Self.one)
        #expect(Self.words(order.ended(id: Self.one, hasFailed: true)) == "refuse [2, 3]")
        #expect(order.arrived(4, id: Self.one) == .refuse)
        #expect(order.arrived(5, id: Self.two) == .go)
    }

    @Test("with onFailure=continue the next line goes, whatever became of the one before")
    func continuing() {
        var order = BulkOrder<Int>(goesOnAfterFailure: true)
        _ = order.arrived(1, id: Self.one)
        _ = order.arrived(2, id: Self.one)
        #expect(Self.words(order.ended(id: Self.one, hasFailed: true)) == "next 2")
        #expect(Self.words(order.ended(id: Self.one, hasFailed: true)) == "nothing")
        #expect(order.arrived(3, id: Self.one) == .go)
        #expect(!order.isFull)
    }

    @Test("it is full when no further failed product can be remembered")
    func full() {
        var order = BulkOrder<Int>(goesOnAfterFailure: false, failedMax: 2)
        for id in [Self.one, Self.two] {
            #expect(!order.isFull)
            _ = order.arrived(1, id: id)
            _ = order.ended(id: id, hasFailed: true)
        }
        #expect(order.isFull)
    }

    @Test("giving up returns everybody who waits, and leaves those that are under way")
    func givingUp() {
        var order = BulkOrder<Int>(goesOnAfterFailure: false)
        _ = order.arrived(1, id: Self.one)
        _ = order.arrived(2, id: Self.one)
        _ = order.arrived(3, id: Self.two)
        _ = order.arrived(4, id: Self.two)
        #expect(order.giveUp().sorted() == [2, 4])
        #expect(Self.words(order.ended(id: Self.one, hasFailed: true)) == "nothing")
        #expect(Self.words(order.ended(id: Self.two, hasFailed: false)) == "nothing")
    }
}
