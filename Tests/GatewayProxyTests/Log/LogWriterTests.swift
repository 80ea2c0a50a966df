import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import GatewayConfiguration
@testable import GatewayProxy

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

    /// Reads all that comes until the other end is closed.
    private final class Reader: Sendable {
        private let bytes = Mutex<[UInt8]>([])
        private let end = DispatchSemaphore(value: 0)

        /// - Parameter pause: microseconds between two reads: a slow reader.
        init(_ descriptor: Int32, pause: UInt32 = 0) {
            Thread.detachNewThread {
                var chunk = [UInt8](repeating: 0, count: 10_000)
                while true {
                    let count = Glibc.read(descriptor, &chunk, chunk.count)
                    guard count > 0 else { break }
                    self.bytes.withLock { $0.append(contentsOf: chunk[..<count]) }
                    if pause > 0 { usleep(pause) }
                }
                self.end.signal()
            }
        }

        /// When everything has come; what follows the last newline is a line too.
        var lines: [String] {
            self.end.wait()
            return self.bytes.withLock { bytes in
                String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            }
        }
    }

    /// A disk that takes so many bytes and no more.
    private final class Disk: Sendable {
        private let state: Mutex<(bytes: [UInt8], room: Int)>

        init(room: Int) { self.state = Mutex(([], room)) }

        var bytes: [UInt8] { self.state.withLock { $0.bytes } }
        func grow(by count: Int) { self.state.withLock { $0.room += count } }

        var output: LogOutput {
            LogOutput(descriptor: -1) { _, bytes, count in
                self.state.withLock { state in
                    guard state.room > 0 else {
                        errno = ENOSPC
                        return -1
                    }
                    let taken = min(count, state.room)
                    state.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: taken))
                    state.room -= taken
                    return taken
                }
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
        case .text, .auto:
            #expect(told.hasSuffix("  warning log lines dropped count=2"))
        }
        #expect(lines.count == appended - dropped + 1)
    }

    /// Lines of a length that fits into no power of two, numbered.
    private static func line(_ number: Int, bytes: Int = 300) -> [UInt8] {
        let start = "line \(number) "
        return Array((start + String(repeating: "x", count: bytes - start.utf8.count - 1) + "\n").utf8)
    }

    private static func finish(_ writer: LogWriter, patience: Duration = .milliseconds(300)) -> LogWriter.Unwritten? {
        writer.finish(patience: patience, deadline: .now + .seconds(20))
    }

    @Test("at the end a slow reader gets every line, whole and in order")
    func slowReader() throws {
        let pipe = try Pipe()
        let writer = LogWriter(settings: Self.settings(), descriptor: pipe.writer)
        for number in 0..<1500 { writer.append(Self.line(number)) }
        let reading = Reader(pipe.reader, pause: 1000)
        #expect(Self.finish(writer) == nil)
        close(pipe.writer)
        #expect(reading.lines == (0..<1500).map { String(decoding: Self.line($0).dropLast(), as: UTF8.self) })
    }

    @Test("a stuck reader is given up, what it took is whole lines, and the rest is counted")
    func stuckReader() throws {
        let pipe = try Pipe()
        let writer = LogWriter(settings: Self.settings(), descriptor: pipe.writer)
        for number in 0..<1500 { writer.append(Self.line(number)) }
        let started = ContinuousClock.now
        let unwritten = try #require(Self.finish(writer))
        #expect(ContinuousClock.now - started < .seconds(10))
        #expect(unwritten.reason == nil)
        // Lines that come after the end are lost as well.
        let before = writer.droppedTotal
        writer.append(Self.line(1500))
        #expect(writer.droppedTotal == before + 1)
        close(pipe.writer)
        let lines = Reader(pipe.reader).lines
        #expect(lines.count + unwritten.lines == 1500)
        #expect(lines == (0..<lines.count).map { String(decoding: Self.line($0).dropLast(), as: UTF8.self) })
    }

    @Test("a reader that reads on and on is given up at the deadline")
    func deadline() throws {
        let pipe = try Pipe()
        let writer = LogWriter(settings: Self.settings(), descriptor: pipe.writer)
        for number in 0..<20_000 { writer.append(Self.line(number)) }
        let reading = Reader(pipe.reader, pause: 20_000)
        let started = ContinuousClock.now
        let unwritten = try #require(writer.finish(patience: .seconds(30), deadline: started + .milliseconds(300)))
        #expect(ContinuousClock.now - started < .seconds(10))
        close(pipe.writer)
        #expect(reading.lines.count + unwritten.lines == 20_000)
    }

    @Test("what the system refuses to write is counted, and told with the reason")
    func fullDevice() throws {
        let device = open("/dev/full", O_WRONLY)
        try #require(device >= 0)
        defer { close(device) }
        let writer = LogWriter(settings: Self.settings(), descriptor: device)
        for number in 0..<100 { writer.append(Self.line(number)) }
        let unwritten = Self.finish(writer)
        #expect(unwritten == LogWriter.Unwritten(lines: 100, reason: "No space left on device"))
        #expect(writer.droppedTotal == 100)
    }

    @Test("a closed pipe is counted and ends nothing")
    func closedPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Pipe()
        close(pipe.reader)
        let writer = LogWriter(settings: Self.settings(), descriptor: pipe.writer)
        writer.append(Self.line(0) + Self.line(1))
        #expect(Self.finish(writer) == LogWriter.Unwritten(lines: 2, reason: "Broken pipe"))
        #expect(writer.droppedTotal == 2)
    }

    @Test("a line that a full disk has cut is completed when there is room again, before any other")
    func cutLine() throws {
        let disk = Disk(room: 1000)
        let writer = LogWriter(settings: Self.settings(), output: disk.output)
        writer.append((0..<10).flatMap { Self.line($0) })
        // Three lines, and a third of the fourth.
        while writer.droppedTotal < 6 { usleep(1000) }
        writer.append(Self.line(10))
        while writer.droppedTotal < 7 { usleep(1000) }
        #expect(disk.bytes.count == 1000)
        disk.grow(by: 1_000_000)
        writer.append(Self.line(11))
        #expect(Self.finish(writer) == nil)
        let lines = String(decoding: disk.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(
            lines.dropLast() == [0, 1, 2, 3, 11].map { String(decoding: Self.line($0).dropLast(), as: UTF8.self) }[...])
        #expect(try #require(lines.last).hasSuffix("\"count\":7,\"reason\":\"No space left on device\"}"))
    }

    @Test("a line that a full disk has cut for good counts as lost, and so does what could not be told")
    func brokenLine() throws {
        let disk = Disk(room: 1000)
        let writer = LogWriter(settings: Self.settings(), output: disk.output)
        writer.append((0..<10).flatMap { Self.line($0) })
        #expect(Self.finish(writer) == LogWriter.Unwritten(lines: 7, reason: "No space left on device"))
        #expect(disk.bytes.count == 1000)
    }

    @Test("a line longer than a pipe takes at once comes out whole")
    func longLine() throws {
        let pipe = try Pipe()
        let writer = LogWriter(settings: Self.settings(), descriptor: pipe.writer)
        writer.append(Self.line(0, bytes: 200_000) + Self.line(1))
        let reading = Reader(pipe.reader, pause: 100)
        #expect(Self.finish(writer) == nil)
        close(pipe.writer)
        #expect(reading.lines.map(\.utf8.count) == [199_999, 299])
    }

    @Test("a write is whole lines, unless one is longer than a pipe takes at once")
    func writes() {
        let lines = Self.line(0, bytes: 3000) + Self.line(1, bytes: 1000) + Self.line(2, bytes: 5000) + Self.line(3)
        #expect(LogOutput.end(of: lines, from: 0) == 4000)
        #expect(LogOutput.end(of: lines, from: 4000) == 8096)
        #expect(LogOutput.end(of: lines, from: 8096) == 9300)
    }

    @Test("a line that has room is written although the buffer is full")
    func reserved() throws {
        let disk = Disk(room: 1_000_000)
        let writer = LogWriter(settings: Self.settings(), output: disk.output, bufferBytesMax: 10)
        let room = try #require(writer.reserve(100))
        writer.append(Array("far too long for the buffer\n".utf8))
        writer.append(Array("has room of its own\n".utf8), in: room)
        #expect(writer.droppedTotal == 1)
        let unwritten = writer.finish(patience: .seconds(5), deadline: .now + .seconds(5))
        #expect(unwritten == nil)
        #expect(String(decoding: disk.bytes, as: UTF8.self).contains("has room of its own\n"))
    }

    @Test("no more room is kept than there is, and what nobody holds is given back")
    func reservedBound() throws {
        let writer = LogWriter(settings: Self.settings(), output: Disk(room: 0).output)
        var rooms: [LogRoom] = []
        while let room = writer.reserve(1024 * 1024) { rooms.append(room) }
        #expect(rooms.count == LogWriter.reservedBytesMax / (1024 * 1024))
        rooms.removeLast()
        #expect(writer.reserve(1024 * 1024) != nil)
    }
}
