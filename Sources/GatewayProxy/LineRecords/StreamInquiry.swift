import GatewayJSON
import GatewayStore
import GatewayTranslation

/// Looks through which line all of a stream is done, and which lines are open: of the record and of one page of it
/// after the other. Changes nothing.
///
/// Its deadline is the store's time for each answer. Confined to its event loop.
final class StreamInquiry: Deadline {
    /// Ranges that are told at most: less than a megabyte. A stream ends with as many products with failed lines.
    static let rangesMax = 65_536

    private let name: RecordName
    private let names: StreamNames
    private let room: KeyedRequests
    private var take: ((Result<[UInt8]?, Problem>) -> Void)?
    private var head: StreamHead?
    private var isUnderWay = false
    private var page = 0
    private var last = 0
    private var open: [ClosedRange<Int>] = []
    private var hasMore = false
    /// Tells the answers to a question from those to one that was given up.
    private var round = 0
    private var isAsking = false

    init(_ name: RecordName, names: StreamNames, room: KeyedRequests) {
        self.name = name
        self.names = names
        self.room = room
    }

    /// - Parameter take: told once: a document; nil where nothing is known of the stream. Not after `giveUp`.
    func start(take: @escaping (Result<[UInt8]?, Problem>) -> Void) {
        self.take = take
        self.goOn()
    }

    func giveUp() {
        self.take = nil
        self.room.deadlines.cancel(self)
    }

    override func deadlineReached() {
        self.room.countTimeOut()
        self.end(.failure(.storeUnavailable()))
    }

    /// Asks for one record after the other; a store that answers at once is asked in a row.
    private func goOn() {
        guard !self.isAsking else { return }
        self.isAsking = true
        defer { self.isAsking = false }
        while self.take != nil {
            guard let head = self.head else {
                guard let result = self.ask(self.name) else { return }
                self.answered(result)
                continue
            }
            guard self.page < head.pages, !self.hasMore else { return self.end(.success(self.document())) }
            guard let name = self.names.page(self.page, of: self.name) else {
                return self.end(.failure(.storeUnavailable(reason: "cannot name a record")))
            }
            guard let result = self.ask(name) else { return }
            self.answered(result)
        }
    }

    private func ask(_ name: RecordName) -> LookUpResult? {
        self.round += 1
        let round = self.round
        let result = self.room.store.lookUp(name, at: self.room.time) {
            let reply = LoopReply<LookUpResult>(to: self.room.eventLoop) {
                guard self.round == round, self.take != nil else { return }
                self.answered($0)
                self.goOn()
            }
            return { reply.send($0) }
        }
        if result == nil { self.room.deadlines.schedule(self, in: self.room.settings.patienceNanoseconds) }
        return result
    }

    private func answered(_ result: LookUpResult) {
        self.room.deadlines.cancel(self)
        switch (result, self.head) {
        case (.failed(let failure), _):
            self.end(.failure(.storeFailed(failure)))
        case (.absent, nil):
            self.end(.success(nil))
        case (.found(let view), nil):
            self.isUnderWay = view.leaseMilliseconds != nil
            let bytes = view.request[StreamRecord.linesPart]?.answer ?? []
            if bytes.isEmpty {
                // Nothing has come of it yet.
                self.head = StreamHead(lanes: 1)
            } else if let head = StreamHead(bytes: bytes) {
                self.head = head
            } else {
                self.end(.failure(.storeUnavailable(reason: "has a record that cannot be read")))
            }
        case (.absent, _):
            // Begun, and nothing kept of it yet.
            self.page += 1
        case (.found(let view), let head?):
            let bytes = view.request[StreamRecord.linesPart]?.answer ?? []
            if bytes.isEmpty {
                self.page += 1
            } else if let lines = LinePage(bytes: bytes, lanes: head.lanes) {
                self.add(lines)
                self.page += 1
            } else {
                self.end(.failure(.storeUnavailable(reason: "has a record that cannot be read")))
            }
        }
    }

    private func add(_ lines: LinePage) {
        let first = self.page * LinePage.size + 1
        lines.forEachOpen { line in
            let number = first + line
            if let range = self.open.last, range.upperBound == number - 1 {
                self.open[self.open.count - 1] = range.lowerBound...number
            } else if self.open.count < Self.rangesMax {
                self.open.append(number...number)
            } else {
                self.hasMore = true
            }
            return !self.hasMore
        }
        if let last = lines.lastKnown { self.last = first + last }
    }

    private func document() -> [UInt8] {
        var output = Array("{\"through\":".utf8)
        output.append(decimal: self.open.first.map { $0.lowerBound - 1 } ?? self.last)
        output.append(literal: ",\"lines\":")
        output.append(decimal: self.last)
        output.append(literal: ",\"open\":[")
        for (position, range) in self.open.enumerated() {
            output.append(literal: position > 0 ? ",[" : "[")
            output.append(decimal: range.lowerBound)
            output.append(literal: ",")
            output.append(decimal: range.upperBound)
            output.append(literal: "]")
        }
        output.append(literal: self.hasMore ? "],\"more\":true" : "],\"more\":false")
        output.append(literal: self.isUnderWay ? ",\"underWay\":true}" : ",\"underWay\":false}")
        return output
    }

    private func end(_ result: Result<[UInt8]?, Problem>) {
        self.room.deadlines.cancel(self)
        let take = self.take
        self.take = nil
        take?(result)
    }
}
