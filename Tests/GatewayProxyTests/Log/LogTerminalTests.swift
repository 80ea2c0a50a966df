import GatewayConfiguration
import Testing

@testable import GatewayProxy

@Suite("Who reads the log")
struct LogTerminalTests {
    @Test(
        "a person at a terminal gets coloured text, a program JSON, and a configured form holds for both",
        arguments: [
            (true, [:], LogFormat.auto, LogLineFormat.text(isColoured: true)),
            (false, [:], .auto, .json),
            (true, ["NO_COLOR": "1"], .auto, .text(isColoured: false)),
            (true, ["NO_COLOR": ""], .auto, .text(isColoured: true)),
            (true, ["TERM": "dumb"], .auto, .text(isColoured: false)),
            (true, [:], .json, .json),
            (false, [:], .text, .text(isColoured: false)),
        ])
    func format(isTerminal: Bool, environment: [String: String], configured: LogFormat, expected: LogLineFormat) {
        let terminal = LogTerminal(isTerminal: isTerminal, environment: environment)
        #expect(terminal.lineFormat(configured) == expected)
        let settings = LogSettings(LoggingConfiguration(level: .info, format: .json), terminal: terminal)
        settings.change(to: LoggingConfiguration(level: .info, format: configured))
        #expect(settings.format == expected)
    }

    private static func line(_ format: LogLineFormat, _ members: String) -> String {
        var line: [UInt8] = []
        LogLine.append(
            to: &line, level: "warning", message: "cannot connect", second: Array("2026-11-27T11:59:23".utf8),
            milliseconds: 104, format: format
        ) { $0.append(text: members) }
        return String(decoding: line, as: UTF8.self)
    }

    @Test("a line has the same members as text and as JSON")
    func members() {
        let members = #","target":"cor","reason":"no \"route\", none","count":2,"list":[{"a":"b,c"},1],"on":true"#
        #expect(
            Self.line(.json, members)
                == #"{"time":"2026-11-27T11:59:23.104Z","level":"warning","message":"cannot connect"\#(members)}"#
                + "\n")
        #expect(
            Self.line(.text(isColoured: false), members)
                == #"11:59:23.104  warning cannot connect target=cor reason="no \"route\", none" count=2 "#
                + #"list=[{"a":"b,c"},1] on=true"# + "\n")
        #expect(Self.line(.text(isColoured: false), "") == "11:59:23.104  warning cannot connect\n")
    }
}
