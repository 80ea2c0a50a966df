import Testing

@testable import GatewayProxy

@Suite("The line of an exchange that people read")
struct ExchangeLineTests {
    private static func line(_ change: (inout ExchangeLine) -> Void) -> String {
        var line = ExchangeLine()
        line.caller = "10.1.4.23"
        line.operation = "update"
        line.requestID = "5f0c1a2b"
        line.status = 200
        line.microseconds = 4_123
        line.results = [.init(target: "cor", code: "ok", isFailure: false)]
        change(&line)
        return String(decoding: line.bytes(time: "11:59:23.104", isColoured: false), as: UTF8.self)
    }

    @Test("has its parts in columns")
    func columns() {
        #expect(
            Self.line { _ in } == "11:59:23.104  10.1.4.23        update  5f0c1a2b      200    4.1 ms  cor ✓\n")
        #expect(
            Self.line { $0.operation = "read" }.utf8.count == Self.line { $0.operation = "create" }.utf8.count)
    }

    @Test("abridges a long id, and says what became of each target")
    func results() {
        let line = Self.line {
            $0.requestID = "0123456789abcdef0123456789abcdef"
            $0.status = 207
            $0.results.append(.init(target: "catalogue", code: "vendor_timeout", isFailure: true))
            $0.results.append(.init(target: "acme", code: "dry_run", isFailure: false))
        }
        #expect(line.contains("  0123456789a…  207  "))
        #expect(line.hasSuffix("  cor ✓  catalogue vendor_timeout  acme dry run\n"))
    }

    @Test("says of a stream what became of its lines, and not that it went well")
    func lines() {
        func line(_ lines: ExchangeLine.Lines) -> String {
            Self.line {
                $0.operation = "bulk"
                $0.lines = lines
            }
        }
        #expect(
            line(.init(all: 9, done: 2, partial: 1, rejected: 1, unknown: 4, notSent: 1)).hasSuffix(
                "  cor  9 lines: 2 done, 1 partial, 1 rejected, 4 unknown, 1 not sent\n"))
        #expect(
            line(.init(all: 1, done: 1, partial: 0, rejected: 0, unknown: 0, notSent: 0)).hasSuffix(
                "  cor  1 line: 1 done\n"))
        #expect(
            line(.init(all: 0, done: 0, partial: 0, rejected: 0, unknown: 0, notSent: 0)).hasSuffix("  cor  0 lines\n"))
    }

    @Test(
        "writes a time with what a person can tell apart",
        arguments: [
            (0, "0.0 ms"), (432, "0.4 ms"), (99_960, "99.9 ms"), (1_250_000, "1.25 s"), (61_003_000, "61.00 s"),
        ])
    func time(microseconds: Int, text: String) {
        #expect(Self.line { $0.microseconds = microseconds }.contains("  \(text)  cor"))
    }

    @Test("shows nothing where there is nothing: no caller, no answer, no target")
    func nothing() {
        let line = Self.line {
            $0.caller = ""
            $0.status = nil
            $0.results = [.init(target: nil, code: "caller_left", isFailure: false)]
        }
        #expect(line == "11:59:23.104  –                update  5f0c1a2b      –      4.1 ms  caller_left\n")
    }

    @Test("is coloured by what somebody has to look at")
    func colours() {
        var line = ExchangeLine()
        line.status = 502
        line.results = [
            .init(target: "a", code: "vendor_timeout", isFailure: true),
            .init(target: "b", code: "validation_failed", isFailure: false),
        ]
        let text = String(decoding: line.bytes(time: "", isColoured: true), as: UTF8.self)
        #expect(text.contains("\u{1B}[31m502\u{1B}[0m"))
        #expect(text.contains("a \u{1B}[31mvendor_timeout\u{1B}[0m"))
        #expect(text.contains("b \u{1B}[33mvalidation_failed\u{1B}[0m"))
    }

    @Test("lets nobody write control characters to the terminal")
    func controls() {
        let line = Self.line { $0.caller = "\u{1B}[2J\u{9B}1mx\r\n" }
        #expect(!line.contains("\u{1B}") && !line.contains("\u{9B}") && !line.contains("\r"))
    }
}
