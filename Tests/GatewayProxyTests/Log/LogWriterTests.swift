import GatewayConfiguration
import GatewayProxy
import Glibc
import Testing

@testable import GatewayConfiguration

@Suite("Writing the log")
struct LogWriterTests {
    /// A pipe whose reader reads when the test says so.
    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (self.reader, self.writer) = (ends[0], ends[1])
        }

        /// Reads until a line holds `text`; all lines so far.
        func read(until text: String) -> [String] {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = Glibc.read(self.reader, &chunk, chunk.count)
                guard count > 0 else { return [] }
                bytes.append(contentsOf: chunk[..<count])
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
                if bytes.last == UInt8(ascii: "\n"), lines.contains(where: { $0.contains(text) }) { return lines }
            }
        }
    }

    private static func settings(_ format: LogFormat = .json) -> LogSettings {
        LogSettings(LoggingConfiguration(level: .info, format: format))
    }

    @Test("lines come out whole and in their order")
    func order() throws {
        let pipe = try Pipe()
        let writer = LogWriter(settings: Self.settings(), descriptor: pipe.writer)
        for number in 0..<1000 { writer.append(Array("line \(number)\n".utf8)) }
        let lines = pipe.read(until: "line 999")
        #expect(lines == (0..<1000).map { "line \($0)" })
        #expect(writer.droppedTotal == 0)
    }

    @Test(
        "what finds no room is dropped and counted, and told when there is room again",
        arguments: [LogFormat.json, .text])
    func dropped(format: LogFormat) throws {
        let pipe = try Pipe()
        let writer = LogWriter(settings: Self.settings(format), descriptor: pipe.writer, bufferBytesMax: 10_000)
        // More than a pipe (64 KiB) and the buffer take together, and nobody reads.
        let line = Array((String(repeating: "x", count: 99) + "\n").utf8)
        var appended = 0
        while writer.droppedTotal == 0 {
            writer.append(line + line)
            appended += 2
            try #require(appended < 100_000)
        }
        let dropped = writer.droppedTotal
        #expect(dropped == 2)
        let lines = pipe.read(until: "log lines dropped")
        let told = try #require(lines.last)
        switch format {
        case .json:
            #expect(told.hasPrefix("{\"time\":\"20"))
            #expect(told.hasSuffix("\"level\":\"warning\",\"message\":\"log lines dropped\",\"count\":2}"))
        case .text:
            #expect(told.hasSuffix("Z warning log lines dropped {\"count\":2}"))
        }
        #expect(lines.count == appended - dropped + 1)
    }
}
