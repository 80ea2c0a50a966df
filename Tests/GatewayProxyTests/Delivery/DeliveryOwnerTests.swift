import Testing

@testable import GatewayProxy

@Suite("Whose turn a delivery takes")
struct DeliveryOwnerTests {
    private final class Element {}

    private func order(of caller: Caller?, _ connection: AnyObject, isOfStream: Bool) -> DeliveryOrder {
        DeliveryOrder(
            operation: .update, productID: nil, requestID: .none, connection: ObjectIdentifier(connection),
            handling: nil, isDryRun: false, ifMatch: nil, isForSeveral: false, isForOneWholeAnswer: true,
            caller: caller, isOfStream: isOfStream)
    }

    @Test("a caller's single request goes before the lines that it streams", arguments: [true, false])
    func singleFirst(isKnown: Bool) {
        let caller = isKnown ? Caller(name: "pim", index: 0) : nil
        let (connection, stream) = (Element(), Element())
        let (line, single) = (Element(), Element())
        let ofStream = self.order(of: caller, stream, isOfStream: true).owner
        let ofRequest = self.order(of: caller, connection, isOfStream: false).owner
        #expect(ofStream != ofRequest)
        var queue = FairQueue<Element>()
        for _ in 1...5 { queue.append(Element(), of: ofStream) }
        queue.append(line, of: ofStream)
        queue.append(single, of: ofRequest)
        #expect(queue.popFirst()?.element === single)
        #expect(queue.popFirst()?.owner == ofStream)
    }

    @Test("where there is no room, a line of its own stream makes room for a caller's single request")
    func displaces() {
        let caller = Caller(name: "pim", index: 0)
        let place = Element()
        var queue = FairQueue<Element>()
        let line = Element()
        queue.append(line, of: self.order(of: caller, place, isOfStream: true).owner)
        #expect(queue.makeRoom(for: self.order(of: caller, place, isOfStream: false).owner) === line)
    }
}
