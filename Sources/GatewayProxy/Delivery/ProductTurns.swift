import Synchronization

/// Whose turn it is at each product: at a vendor that replaces whole products, one update of a product at a time.
///
/// Two that read the same product and write what each has merged would undo each other, and both would be told that
/// they succeeded. One for the whole process; any thread. Holds nothing for products at which nobody is.
final class ProductTurns: Sendable {
    /// A product by where it is: two targets may lead to it, and a reload changes nothing about it.
    ///
    /// Products of two tenants who share a vendor's address count as one where they have the same id: they wait for
    /// each other, and nothing is lost.
    struct Product: Hashable, Sendable {
        /// The vendor's base URL, without a slash at its end.
        let baseURL: String
        /// Behind it, without the query.
        let path: [UInt8]
        /// Its id at the vendor: all products may have one path, as with GraphQL, or ids in the query.
        let id: [UInt8]

        init(baseURL: String, path: [UInt8], id: [UInt8]) {
            self.baseURL = baseURL
            self.id = id
            let query = path.firstIndex(of: UInt8(ascii: "?"))
            self.path = query.map { Array(path[..<$0]) } ?? path
        }
    }

    /// A place in the row of those who wait.
    struct Place: Equatable, Sendable {
        fileprivate let number: UInt64
    }

    enum Decision: Equatable {
        case taken
        /// The reply tells when it is this one's turn.
        case wait(Place)
        /// Too many wait already.
        case full
    }

    private struct Waiting {
        let number: UInt64
        let reply: LoopReply<Void>
    }

    private struct State {
        /// The products at which somebody is, and who waits, first come first.
        var rows: [Product: [Waiting]] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - waitersMax: for this product.
    ///   - reply: makes what is told when it is this one's turn; called where the decision is `.wait`.
    func take(_ product: Product, waitersMax: Int, reply: () -> LoopReply<Void>) -> Decision {
        self.state.withLock { state in
            guard let row = state.rows[product] else {
                state.rows[product] = []
                return .taken
            }
            guard row.count < waitersMax else { return .full }
            state.lastNumber += 1
            state.rows[product]?.append(Waiting(number: state.lastNumber, reply: reply()))
            return .wait(Place(number: state.lastNumber))
        }
    }

    /// Waits no more.
    ///
    /// - Returns: whether it still waited. If not, its turn has come already: the reply is on its way, and whoever gets
    ///   it gives the turn back.
    func leave(_ product: Product, _ place: Place) -> Bool {
        self.state.withLock { state in
            guard let index = state.rows[product]?.firstIndex(where: { $0.number == place.number }) else {
                return false
            }
            state.rows[product]?.remove(at: index)
            return true
        }
    }

    /// The turn is over; the next one's begins.
    func giveBack(_ product: Product) {
        let next: LoopReply<Void>? = self.state.withLock { state in
            guard let row = state.rows[product], !row.isEmpty else {
                state.rows[product] = nil
                return nil
            }
            return state.rows[product]?.removeFirst().reply
        }
        next?.send(())
    }

    /// Products at which somebody is.
    var countForTesting: Int { self.state.withLock { $0.rows.count } }
}
