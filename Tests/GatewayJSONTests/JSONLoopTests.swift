import GatewayJSON
import Testing

/// A text that is known to be valid UTF-8 is read by a loop that takes wide steps, every other by one that looks at
/// each byte. Where both can read a text they must say the same: the same entries, or the same fault at the same place.
@Suite("Wide steps and close looks")
struct JSONLoopTests {
    private struct Reading: Equatable {
        /// Five numbers for each entry.
        var entries: [UInt32] = []
        var error: JSONError?

        init(_ text: [UInt8], looksClosely: Bool) {
            let tape = JSONTape()
            text.withUnsafeBufferPointer { buffer in
                do throws(JSONError) {
                    let view = try tape.parse(buffer, limits: .exchange, looksClosely: looksClosely)
                    for index in 0..<view.count {
                        let entry = view[index]
                        self.entries += [
                            UInt32(entry.kind.rawValue), entry.start, entry.end, entry.link, entry.isEscaped ? 1 : 0,
                        ]
                    }
                } catch {
                    self.error = error
                }
            }
        }
    }

    private static func expectSame(_ text: [UInt8], _ comment: @autoclosure () -> String = "") {
        let wide = Reading(text, looksClosely: false)
        let close = Reading(text, looksClosely: true)
        guard wide != close else { return }
        let (one, other) = (wide.error?.description ?? "read", close.error?.description ?? "read")
        Issue.record("\(comment()) \(String(decoding: text, as: UTF8.self)): \(one); looked at closely: \(other)")
    }

    /// Whole ones, and ones with every kind of mistake.
    private static let pieces: [[UInt8]] =
        [
            "\\n", "\\\"", "\\\\", "\\u00e9", "\\uFfFf", "\\ud83d\\ude00", "\u{7FF}\u{800}", "é", "無",
            "😀", "\\/", "\\ud800", "\\udc00", "\\ud83d\\u0041", "\\u12g4", "\\u123", "\\x", "\\", "\"", "\u{1F}",
            "\u{0}", "\t", "\u{7F}", "\":\"",
        ].map { Array($0.utf8) } + [
            [0x80], [0xC3], [0xC1, 0x81], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF0, 0x9F, 0x98],
        ]

    @Test("whatever stands in a string is seen on every place of every block, in a value as in a name")
    func places() {
        for piece in Self.pieces {
            for before in [Array(0..<3), Array(12..<18), Array(28..<34), Array(57..<67), Array(124..<129)].joined() {
                for after in [0, 5, 80] {
                    let content =
                        [UInt8](repeating: 0x61, count: before) + piece + [UInt8](repeating: 0x62, count: after)
                    Self.expectSame([0x22] + content + [0x22], "\(before) \(after)")
                    if after == 80 {
                        Self.expectSame(Array("{\"a\":1,\"".utf8) + content + Array("\":[true,\"x\"]}".utf8))
                    }
                }
            }
        }
    }

    @Test("two escapes and characters next to each other are told apart on every place of a block")
    func pairs() {
        for first in Self.pieces.prefix(14) {
            for second in Self.pieces {
                for before in [0, 14, 58, 62, 63] {
                    let content = [UInt8](repeating: 0x61, count: before) + first + second
                    Self.expectSame([0x22] + content + [UInt8](repeating: 0x62, count: 80) + [0x22])
                }
            }
        }
    }

    @Test("numbers, literals and separators end where they end, however near the end of the text")
    func scalars() {
        let values = [
            "0", "1", "10", "01", "-1", "-", "1.", "1.5", "1.e", "1e", "1e5", "1E+5", "1.5e-7",
            "12345678901234567890", "00", "123456789012345678901234567890.123456789012345678901234567890", "1a", "1 ",
            "1\"", "true", "tru", "true1", "trUe", "false", "fals", "null", "nul", "nulL", "nan", "NaN", "+1", ".5",
            "\"\"",
            "\"a\"", "{}", "[]", "", "x",
        ]
        let behind = [
            "", " ", ",", "]", "}", ",]", ",\"", ",\"\"", ", 1]", "],\"a\":1", " ]", "\n,\n1]", "]]", "\u{0}",
        ]
        for value in values {
            for end in behind {
                for before in ["", "[\"\",", "{\"a\":", "{\"a\": "] {
                    Self.expectSame(Array((before + value + end).utf8))
                    Self.expectSame(Array((before + value + end + String(repeating: " ", count: 30)).utf8))
                }
            }
        }
    }

    @Test("random documents, as they are and with mistakes", arguments: 0..<4)
    func random(seed: UInt64) {
        var chance = SplitMix(state: seed)
        for _ in 0..<120 {
            var text: [UInt8] = []
            Self.appendValue(&chance, depth: 0, to: &text)
            Self.expectSame(text)
            for _ in 0..<3 where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &chance)
                switch Int.random(in: 0..<4, using: &chance) {
                case 0: text.removeSubrange(place...)
                case 1: text.remove(at: place)
                case 2: text.insert(contentsOf: Self.pieces.randomElement(using: &chance) ?? [], at: place)
                default: text[place] = UInt8.random(in: .min ... .max, using: &chance)
                }
                Self.expectSame(text)
            }
        }
    }

    private static func appendValue(_ chance: inout SplitMix, depth: Int, to text: inout [UInt8]) {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 5), using: &chance) {
        case 0...2: self.appendText(&chance, to: &text)
        case 3:
            let numbers = ["0", "-7", "48.50", "1e400", "120", "12345678901234567890"]
            text += numbers.randomElement(using: &chance)?.utf8 ?? "".utf8
        case 4: text += ["true", "false", "null"].randomElement(using: &chance)?.utf8 ?? "".utf8
        case 5:
            text.append(UInt8(ascii: "["))
            for position in 0..<Int.random(in: 0..<6, using: &chance) {
                if position > 0 { text += [",", ", ", "\n,"].randomElement(using: &chance)?.utf8 ?? "".utf8 }
                self.appendValue(&chance, depth: depth + 1, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        default:
            text.append(UInt8(ascii: "{"))
            for position in 0..<Int.random(in: 0..<24, using: &chance) {
                if position > 0 { text += [",", ",", ", ", "\n  ,"].randomElement(using: &chance)?.utf8 ?? "".utf8 }
                self.appendText(&chance, to: &text)
                text += [":", ":", ": ", " :"].randomElement(using: &chance)?.utf8 ?? "".utf8
                self.appendValue(&chance, depth: depth + 1, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    private static func appendText(_ chance: inout SplitMix, to text: inout [UInt8]) {
        text.append(0x22)
        for _ in 0..<([0, 1, 1, 2, 5].randomElement(using: &chance) ?? 0) {
            let count = [0, 1, 3, 14, 15, 16, 33, 70].randomElement(using: &chance) ?? 0
            text += [UInt8](repeating: UInt8.random(in: 0x61...0x7A, using: &chance), count: count)
            // Nearly always a whole one: those are in front.
            text += Self.pieces[Int.random(in: 0..<11, using: &chance)]
        }
        text.append(0x22)
    }
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (self.state ^ (self.state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
