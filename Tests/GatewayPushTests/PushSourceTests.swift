import Glibc
import Testing

@testable import GatewayPush

@Suite("A source becomes lines")
struct PushSourceTests {
    /// What a source says, piece by piece, and why it ends where it cannot be read.
    private static func read(_ text: String, _ format: PushSource.Format) -> (lines: [String], mistake: String?) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return ([], "no pipe") }
        let bytes = Array(text.utf8)
        let written = write(ends[1], bytes, bytes.count)
        close(ends[1])
        let source = PushSource(descriptor: ends[0], format: format)
        guard written == bytes.count else { return ([], "not written") }
        var lines: [String] = []
        do throws(PushReadingError) {
            while true {
                let more = try source.lines(bytesMax: 1)
                guard !more.isEmpty else { return (lines, nil) }
                lines += more.map { String(decoding: $0.text, as: UTF8.self) }
            }
        } catch {
            return (lines, error.description)
        }
    }

    @Test("a byte order mark at the beginning is no part of the first line", arguments: PushSource.Format.allCases)
    func byteOrderMark(format: PushSource.Format) {
        let line = #"{"id":"a","product":{"name":"x"}}"#
        let text: String =
            switch format {
            case .jsonl: line
            case .json: "[\(line)]"
            case .csv: "id,name\na,x\n"
            }
        #expect(Self.read("\u{FEFF}" + text, format) == ([line], nil))
    }

    @Test("the lines before one that cannot be read are there, and then it is told")
    func mistake() {
        let (lines, mistake) = Self.read("id,name\na,x\nb,y\nc\nd,z\n", .csv)
        #expect(lines.count == 2)
        #expect(mistake == "line 4: the row has 1 field, the header 2")
        let array = Self.read("[1,2,}", .json)
        #expect(array.lines == ["1", "2"])
        #expect(array.mistake != nil)
    }
}
