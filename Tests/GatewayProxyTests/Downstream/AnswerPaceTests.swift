import Testing

@testable import GatewayProxy

@Suite("The pace at which an answer is read")
struct AnswerPaceTests {
    private static let second: UInt64 = 1_000_000_000

    /// A macro cannot change what it is given.
    private static func ask(
        _ pace: inout AnswerPace, answer: Int, connection: Int?, within nanoseconds: UInt64
    ) -> Bool { pace.isKept(answer: answer, connection: connection, within: nanoseconds) }

    @Test("whoever takes 256 bytes a second goes on for as long as it takes")
    func steady() {
        var pace = AnswerPace()
        for taken in stride(from: 2_560, through: 256_000, by: 2_560) {
            #expect(Self.ask(&pace, answer: taken, connection: nil, within: 10 * Self.second))
        }
        #expect(!Self.ask(&pace, answer: 256_000 + 2_559, connection: nil, within: 10 * Self.second))
    }

    @Test("a byte a minute is too little, and so is nothing in a time shorter than a second")
    func dribble() {
        var pace = AnswerPace()
        #expect(!Self.ask(&pace, answer: 1, connection: nil, within: 60 * Self.second))
        #expect(!Self.ask(&pace, answer: 1, connection: nil, within: Self.second / 10))
        #expect(Self.ask(&pace, answer: 2, connection: nil, within: Self.second / 10))
    }

    @Test("an answer that waits for its turn goes by what its connection takes, one that is not read does not")
    func turns() {
        var pace = AnswerPace()
        #expect(Self.ask(&pace, answer: 0, connection: 10_000, within: Self.second))
        #expect(!Self.ask(&pace, answer: 0, connection: nil, within: Self.second))
        #expect(!Self.ask(&pace, answer: 0, connection: 10_100, within: Self.second))
        #expect(Self.ask(&pace, answer: 0, connection: 20_000, within: Self.second))
    }
}
