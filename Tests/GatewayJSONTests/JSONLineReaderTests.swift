import Testing

@testable import GatewayJSON

@Suite("A stream of JSON texts is cut into its texts")
struct JSONLineReaderTests {
    /// What a reader makes of a stream that comes in pieces of `size` bytes.
    private static func items(
        _ stream: String, _ framing: JSONLineReader.Framing = .lines, bytesMax: Int = 100, size: Int = 1_000
    ) -> [String] {
        var reader = JSONLineReader(framing, bytesMax: bytesMax)
        var items: [String] = []
        func drain() {
            while let item = reader.next() {
                switch item {
                case .text(let number, let range):
                    let text = reader.withBytes(range) { String(decoding: $0, as: UTF8.self) }
                    items.append("\(number) \(text)")
                case .tooLong(let number): items.append("\(number) too long")
                case .unframed(let number): items.append("\(number) unframed")
                }
            }
        }
        let bytes = Array(stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { reader.append($0) }
            drain()
            #expect(reader.bytesHeld <= bytesMax + size)
        }
        reader.end()
        drain()
        return items
    }

    @Test(
        "lines end with a line feed, a carriage return before it or the end of the stream", arguments: [1, 2, 7, 1_000])
    func lines(size: Int) {
        #expect(Self.items("{}\n[1]\r\n\"x\"", size: size) == ["1 {}", "2 [1]", "3 \"x\""])
        #expect(Self.items("{}\n", size: size) == ["1 {}"])
        #expect(Self.items("", size: size) == [])
    }

    @Test("an empty line is no text and counts as a line", arguments: [1, 3, 1_000])
    func empty(size: Int) {
        #expect(Self.items("\n  \n{}\n\r\n\t{} \n\n", size: size) == ["3 {}", "5 {}"])
    }

    @Test("a text that is too long is told once, and the ones behind it are read", arguments: [1, 5, 1_000])
    func tooLong(size: Int) {
        let long = String(repeating: "x", count: 11)
        #expect(
            Self.items("{}\n\(long)\n{}\n\(long)\(long)", bytesMax: 10, size: size)
                == ["1 {}", "2 too long", "3 {}", "4 too long"])
        #expect(Self.items("0123456789\n", bytesMax: 10, size: size) == ["1 0123456789"])
    }

    @Test("a record begins with its separator and ends with the next one, or the stream", arguments: [1, 4, 1_000])
    func sequence(size: Int) {
        #expect(
            Self.items("\u{1E}{}\n\u{1E}\u{1E}{\n}\n\u{1E}[1]", .sequence, size: size) == ["1 {}", "2 {\n}", "3 [1]"])
        #expect(Self.items("{}\n\u{1E}{}\n", .sequence, size: size) == ["1 unframed", "2 {}"])
        #expect(Self.items("{}", .sequence, size: size) == ["1 unframed"])
    }

    @Test("what is passed over is counted until its end, and not held")
    func passedOver() {
        var reader = JSONLineReader(.lines, bytesMax: 10)
        for _ in 0..<100 {
            Array(repeating: UInt8(ascii: "x"), count: 50).withUnsafeBytes { reader.append($0) }
            #expect(reader.next() == nil)
            #expect(reader.bytesHeld == 0)
            #expect(reader.isWithinText)
        }
        #expect(reader.bytesPassedOver == 5_000)
        [UInt8(ascii: "\n")].withUnsafeBytes { reader.append($0) }
        #expect(reader.next() == .tooLong(number: 1))
        #expect(reader.bytesPassedOver == 0)
        #expect(!reader.isWithinText)
    }

    @Test("any bytes in any pieces are cut in the same way", arguments: 0..<200)
    func pieces(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let alphabet: [UInt8] = [0x0A, 0x0D, 0x20, 0x1E, 0x7B, 0x7D, 0x41, 0xFF, 0x00]
        let length = Int.random(in: 0...300, using: &random)
        let stream = String(
            decoding: (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] },
            as: UTF8.self)
        for framing in [JSONLineReader.Framing.lines, .sequence] {
            let whole = Self.items(stream, framing, bytesMax: 20)
            for size in [1, 2, 3, 8, 17] { #expect(Self.items(stream, framing, bytesMax: 20, size: size) == whole) }
        }
    }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators".
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
