import GatewayJSON
import Testing

@testable import GatewayPush

@Suite("What a gateway knows of a push")
struct KnownLinesTests {
    private static func known(_ text: String) -> KnownLines? { KnownLines(Array(text.utf8)) }

    @Test("a line that was there and is not open is done")
    func done() throws {
        let known = try #require(
            Self.known(#"{"through":2,"lines":9,"open":[[3,4],[7,7]],"more":false,"underWay":false}"#))
        #expect((1...12).filter(known.isDone) == [1, 2, 5, 6, 8, 9])
        #expect(!known.isUnderWay)
    }

    @Test("behind the last range that is told nothing is known where there are more")
    func more() throws {
        let known = try #require(
            Self.known(#"{"through":2,"lines":9,"open":[[3,4],[7,7]],"more":true,"underWay":true}"#))
        #expect((1...12).filter(known.isDone) == [1, 2, 5, 6])
        #expect(known.isUnderWay)
    }

    @Test(
        "what is no such answer is refused",
        arguments: [
            "", "[]", "{}", #"{"lines":1,"open":[[2,1]],"more":false,"underWay":false}"#,
            #"{"lines":1,"open":[[0,1]],"more":false,"underWay":false}"#,
            #"{"lines":1.5,"open":[],"more":false,"underWay":false}"#,
            #"{"lines":9,"open":[[5,9],[1,9223372036854775807]],"more":false,"underWay":false}"#,
        ])
    func refused(text: String) { #expect(Self.known(text) == nil) }

    private static func line(_ number: Int, create: Bool = false) -> PushLine {
        let text = create ? #"{"op":"create","product":{}}"# : #"{"id":"a","product":{}}"#
        return PushLine(number: number, text: Array(text.utf8))
    }

    @Test("lines keep the numbers of the file: those that are not sent are empty ones")
    func numbers() throws {
        let lane = PushLane(index: 0)
        for number in [2, 5, 6] { lane.append(Self.line(number)) }
        lane.begin()
        lane.begins(
            with: Self.known(#"{"lines":5,"open":[[2,2]],"more":false,"underWay":false}"#), isResumed: true)
        var settled: [Int] = []
        let sent = lane.take(bytesMax: 1_000, targets: 1, tape: JSONTape()) { settled.append($0.line.number) }
        let lines = sent.split(separator: 0x0A, omittingEmptySubsequences: false).map(\.count)
        #expect(lines == [0, 23, 0, 0, 0, 23, 0])
        #expect(settled == [5])
        #expect(lane.underway.keys.sorted() == [2, 6])
    }

    @Test("a long gap is sent in pieces")
    func gap() {
        let lane = PushLane(index: 0)
        lane.append(Self.line(1_000))
        lane.begin()
        var sent: [UInt8] = []
        while lane.hasQueue { sent += lane.take(bytesMax: 100, targets: 1, tape: JSONTape()) { _ in } }
        #expect(sent.count { $0 == 0x0A } == 1_000)
    }

    @Test("a create that may have been done and is forgotten is not sent again; where nothing was sent before it is")
    func forgotten() {
        for isResumed in [true, false] {
            let lane = PushLane(index: 0)
            for number in 1...2 { lane.append(Self.line(number, create: number == 1)) }
            lane.begin()
            lane.begins(with: nil, isResumed: isResumed)
            var fates: [LineFate] = []
            _ = lane.take(bytesMax: 1_000, targets: 1, tape: JSONTape()) { fates.append($0.fate) }
            #expect(fates == (isResumed ? [.unknown] : []))
            guard !isResumed else { continue }
            // The stream is lost, and the gateway's memory with it.
            lane.prepend(lane.giveUpUnderway().map(\.line))
            lane.append(Self.line(3, create: true))
            lane.begin()
            lane.begins(with: nil, isResumed: false)
            _ = lane.take(bytesMax: 1_000, targets: 1, tape: JSONTape()) { fates.append($0.fate) }
            #expect(fates == [.unknown])
            #expect(lane.underway.keys.sorted() == [2, 3])
        }
    }
}
