import GatewayJSON
import Glibc

/// Reads a file, or standard input, as lines to be pushed: JSON Lines, CSV with a header row, or one JSON array.
///
/// Blocks; used by one thread at a time.
package final class PushSource: @unchecked Sendable {
    package enum Format: String, CaseIterable, Sendable { case jsonl, csv, json }

    /// What a gateway can be set to take at most, and what stands around it.
    private static let lineBytesMax = (64 << 20) + (16 << 10)
    private static let readBytes = 256 << 10
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private enum Reader {
        case lines(JSONLineReader)
        case csv(CSVReader, CSVColumns?)
        case array(JSONArrayReader)
    }

    private let descriptor: Int32
    private var reader: Reader
    private var ready: [PushLine] = []
    private var next = 0
    private var hasEnded = false
    private var isAtStart = true
    /// What cannot be read, behind the lines that are ready.
    private var mistake: PushReadingError?
    /// Of the file, how many bytes there are; nil where nobody knows.
    package let bytesTotal: Int?
    /// How many of them have been read.
    package private(set) var bytesRead = 0
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: readBytes, alignment: 16)

    /// - Parameter descriptor: open for reading; closed with this.
    package init(descriptor: Int32, format: Format) {
        self.descriptor = descriptor
        self.reader =
            switch format {
            case .jsonl: .lines(JSONLineReader(.lines, bytesMax: Self.lineBytesMax))
            case .csv: .csv(CSVReader(bytesMax: Self.lineBytesMax), nil)
            case .json: .array(JSONArrayReader(bytesMax: Self.lineBytesMax))
            }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        self.bytesTotal = isFile ? Int(status.st_size) : nil
    }

    deinit {
        self.chunk.deallocate()
        close(self.descriptor)
    }

    /// What a file's name says; nil where it says nothing.
    package static func format(ofFile name: String) -> Format? {
        if name.hasSuffix(".csv") { return .csv }
        if name.hasSuffix(".json") { return .json }
        return name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") ? .jsonl : nil
    }

    /// The next lines, at least one; empty at the end. As many as are at hand, up to `bytesMax` bytes or one line more.
    /// Throws where the next one cannot be read, when all before it have been returned.
    package func lines(bytesMax: Int) throws(PushReadingError) -> [PushLine] {
        while self.next == self.ready.count, !self.hasEnded {
            if let mistake = self.mistake { throw mistake }
            do throws(PushReadingError) { try self.readMore() } catch { self.mistake = error }
        }
        if self.next == self.ready.count, let mistake = self.mistake { throw mistake }
        var taken: [PushLine] = []
        var bytes = 0
        while self.next < self.ready.count, bytes < bytesMax {
            bytes += self.ready[self.next].text.count
            taken.append(self.ready[self.next])
            self.next += 1
        }
        if self.next == self.ready.count {
            self.ready.removeAll(keepingCapacity: true)
            self.next = 0
        }
        return taken
    }

    private func readMore() throws(PushReadingError) {
        let count = Glibc.read(self.descriptor, self.chunk.baseAddress, self.chunk.count)
        guard count >= 0 else {
            if errno == EINTR { return }
            throw PushReadingError(String(cString: strerror(errno)))
        }
        self.bytesRead += count
        self.hasEnded = count == 0
        var bytes = UnsafeRawBufferPointer(rebasing: self.chunk[..<count])
        // Some editors write one, and it is no JSON (RFC 8259 section 8.1).
        if self.isAtStart, bytes.starts(with: Self.byteOrderMark) {
            bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.byteOrderMark.count))
        }
        self.isAtStart = false
        switch self.reader {
        case .lines(var lines):
            lines.append(bytes)
            if self.hasEnded { lines.end() }
            try self.take(&lines)
            self.reader = .lines(lines)
        case .csv(var csv, var columns):
            let take = { (row: CSVReader.Row) throws(PushReadingError) -> Void in
                guard let known = columns else {
                    columns = try CSVColumns(row)
                    return
                }
                if let line = try known.line(row) { self.ready.append(line) }
            }
            try csv.read(bytes, take)
            if self.hasEnded { try csv.end(take) }
            self.reader = .csv(csv, columns)
        case .array(var array):
            let take = { (line: PushLine) throws(PushReadingError) -> Void in self.ready.append(line) }
            try array.read(bytes, take)
            if self.hasEnded { try array.end() }
            self.reader = .array(array)
        }
    }

    private func take(_ lines: inout JSONLineReader) throws(PushReadingError) {
        while let item = lines.next() {
            switch item {
            case .text(let number, let range):
                self.ready.append(PushLine(number: number, text: lines.withBytes(range) { Array($0) }))
            case .tooLong(let number):
                throw PushReadingError(line: number, "the line is longer than \(Self.lineBytesMax) bytes")
            case .unframed(let number):
                throw PushReadingError(line: number, "this is no line")
            }
        }
    }
}
