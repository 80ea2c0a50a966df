/// Keeps the last exchanges of each vendor and counts all of them. Bounded by number and by bytes.
struct ExchangeRecorder: Sendable {
    /// What is counted of one vendor since the last reset.
    struct Counts: Sendable {
        var requests = 0
        var tokenRequests = 0
        /// Answers that were meant to arrive.
        var byStatus: [Int: Int] = [:]
        var unanswered = 0
        var faults = 0

        mutating func add(_ exchange: RecordedExchange) {
            switch exchange.endpoint {
            case .token: self.tokenRequests += 1
            case .products: self.requests += 1
            }
            if exchange.isAnswered {
                self.byStatus[exchange.response.status, default: 0] += 1
            } else {
                self.unanswered += 1
            }
            if exchange.response.fault != .none { self.faults += 1 }
        }
    }

    private let countMax: Int
    private let bytesMax: Int
    private var kept: [SandboxVendor: Ring] = [:]
    private(set) var counts: [SandboxVendor: Counts] = [:]
    private var total = 0

    init(_ limits: SandboxLimits) {
        self.countMax = max(1, limits.exchangesMax)
        self.bytesMax = limits.exchangeBytesMax
    }

    mutating func record(_ exchange: RecordedExchange) {
        self.total += 1
        var exchange = exchange
        exchange.number = self.total
        self.counts[exchange.vendor, default: Counts()].add(exchange)
        self.kept[exchange.vendor, default: Ring()].append(exchange, countMax: self.countMax, bytesMax: self.bytesMax)
    }

    /// The last exchanges, oldest first; of all vendors when none is named.
    func last(_ count: Int, of vendor: SandboxVendor?) -> [RecordedExchange] {
        let vendors = vendor.map { [$0] } ?? SandboxVendor.allCases
        let all = vendors.flatMap { self.kept[$0]?.exchanges ?? [] }.sorted { $0.number < $1.number }
        return Array(all.suffix(max(0, count)))
    }

    /// A queue in an array whose front is cut off in one go now and then, which keeps both ends cheap.
    private struct Ring: Sendable {
        private var storage: [RecordedExchange] = []
        private var start = 0
        private var byteCount = 0

        var exchanges: ArraySlice<RecordedExchange> { self.storage[self.start...] }

        mutating func append(_ exchange: RecordedExchange, countMax: Int, bytesMax: Int) {
            self.storage.append(exchange)
            self.byteCount += exchange.byteCount
            while self.storage.count - self.start > countMax
                || (self.byteCount > bytesMax && self.storage.count - self.start > 1)
            {
                self.byteCount -= self.storage[self.start].byteCount
                self.start += 1
            }
            if self.start > countMax {
                self.storage.removeFirst(self.start)
                self.start = 0
            }
        }
    }
}
