import Foundation
import Testing

@testable import GatewayProxy

@Suite("What may be repeated")
struct RepeatRuleTests {
    typealias Event = RepeatRule.Event

    /// A row of the table, in the order of `RepeatRule.Request`'s cases: `yes`, `no`, `says` (where the dialect says
    /// that it repeats), `refusal` (where it says that nothing was changed), `both`.
    private static let table: [(event: Event, cells: [String])] = [
        (.notConnected, ["yes", "yes", "yes", "yes"]),
        (.refused, ["yes", "yes", "yes", "yes"]),
        (.throttled, ["yes", "yes", "yes", "yes"]),
        (.unavailable, ["yes", "yes", "refusal", "refusal"]),
        (.failed, ["says", "says", "both", "both"]),
        (.unanswered, ["yes", "yes", "no", "no"]),
        (.timedOut, ["no", "no", "no", "no"]),
        (.unclear, ["no", "no", "no", "no"]),
        (.notTried, ["no", "no", "no", "no"]),
    ]

    @Test("every cell of the table is what the rule says")
    func cells() {
        #expect(Self.table.map(\.event) == Event.allCases)
        for (event, cells) in Self.table {
            for (request, cell) in zip(RepeatRule.Request.allCases, cells) {
                for isRefusal in [false, true] {
                    for repeats in [false, true] {
                        let expected =
                            switch cell {
                            case "yes": true
                            case "says": repeats
                            case "refusal": isRefusal
                            case "both": isRefusal && repeats
                            default: false
                            }
                        let word = RepeatRule.Word(isRefusal: isRefusal, repeats: repeats)
                        #expect(
                            RepeatRule.permits(event, of: request, dialect: word) == expected,
                            "\(event) of \(request), \(word)")
                    }
                }
            }
        }
    }

    @Test("the document has the same table")
    func document() throws {
        let words = [
            "yes": "yes", "no": "no", "says": "where the dialect says `repeat`",
            "refusal": "where the dialect says that it is a refusal",
            "both": "where the dialect says both",
        ]
        let path = URL(fileURLWithPath: #filePath).appending(path: "../../../../docs/retries.md").standardizedFileURL
        let text = try String(contentsOf: path, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.hasSuffix("|") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
            .filter { $0.count == 5 }.dropFirst(2)
        #expect(rows.count == Self.table.count)
        for (row, (event, cells)) in zip(rows, Self.table) {
            #expect(row.dropFirst().map { $0 } == cells.map { words[$0] }, "\(event): \(row[0])")
        }
    }

    @Test("every failure of an attempt is one of the events, and no other is repeated")
    func failures() {
        let events: [(AttemptFailure, Event)] = [
            (.notConnected(reason: ""), .notConnected), (.refused, .refused),
            (.endedWithoutAnswer(reason: ""), .unanswered), (.timedOut, .timedOut),
            (.answerCutShort(status: 200, reason: ""), .unclear), (.answerTooLarge(status: 200), .unclear),
            (.answerMalformed(status: 0, reason: ""), .unclear), (.notTrusted(reason: ""), .notTried),
            (.queueFull, .notTried), (.queueTimedOut, .notTried), (.timedOutBeforeSending, .notTried),
        ]
        for (failure, event) in events { #expect(Event(failure) == event) }
    }

    @Test("of statuses only those that ask for it or tell of the vendor's failure are events")
    func statuses() {
        for status in 200...599 {
            let expected: Event? =
                switch status {
                case 429: .throttled
                case 500, 502, 503, 504: .failed
                default: nil
                }
            #expect(Event(status: status, hasRetryAfter: false) == expected)
            #expect(Event(status: status, hasRetryAfter: true) == (status == 503 ? .unavailable : expected))
        }
    }

    @Test("what costs the vendor nothing is free once, what is throttled is cheaper than what fails")
    func prices() {
        #expect(Event.refused.price(attemptsMade: 1) == nil)
        #expect(Event.refused.price(attemptsMade: 2) == .transient)
        #expect(Event.notConnected.price(attemptsMade: 1) == .transient)
        #expect(Event.throttled.price(attemptsMade: 1) == .throttled)
        #expect(Event.unavailable.price(attemptsMade: 1) == .throttled)
        #expect(Event.unanswered.price(attemptsMade: 1) == .transient)
    }
}
