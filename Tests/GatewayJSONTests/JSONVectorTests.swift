import GatewayJSON
import Testing

/// Strings are read and written in blocks; these tests put everything that matters on every place of a block.
@Suite("Blocks of bytes")
struct JSONVectorTests {
    private static let special: [(bytes: [UInt8], isWhole: Bool)] = [
        (Array("\\n".utf8), true), (Array("\\u00e9".utf8), true), (Array("é".utf8), true), (Array("無".utf8), true),
        (Array("😀".utf8), true), ([0x1F], false), ([0x80], false), ([0xC1, 0x81], false), ([0xED, 0xA0, 0x80], false),
        ([0xE0, 0x9F, 0xBF], false), ([0xF4, 0x90, 0x80, 0x80], false), ([0xC3], false), ([0xFF], false),
    ]

    private static func error(_ text: [UInt8]) -> JSONError? {
        text.withUnsafeBufferPointer { buffer in
            do throws(JSONError) {
                _ = try JSONTape().parse(buffer, limits: .exchange)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("whatever stands in a string is seen on every place of a block")
    func reads() {
        for before in 0..<40 {
            for after in [0, 1, 7, 20] {
                for (bytes, isWhole) in Self.special {
                    let plain = [UInt8](repeating: UInt8(ascii: "~"), count: before)
                    let end = [UInt8](repeating: UInt8(ascii: " "), count: after)
                    let text = [0x22] + plain + bytes + end + [0x22]
                    let error = Self.error(text)
                    #expect((error == nil) == isWhole, "\(before) \(bytes) \(after)")
                    if let error { #expect(error.offset == before + 1, "\(before) \(bytes) \(after)") }
                }
            }
        }
    }

    @Test("every scalar value is accepted, and every surrogate and everything beyond refused")
    func validatesUTF8() {
        for value in UInt32(0x80)...0x10_FFFF where value & 0xFF < 2 || value & 0xFF > 0xFD {
            guard let scalar = UnicodeScalar(value) else {
                let bytes = [0xE0 | UInt8(value >> 12), 0x80 | UInt8(value >> 6 & 63), 0x80 | UInt8(value & 63)]
                #expect(Self.error([0x22] + bytes + [0x22, 0x20, 0x20]) != nil)
                continue
            }
            #expect(Self.error([0x22] + Array(String(scalar).utf8) + [0x22]) == nil, "\(value)")
            #expect(Self.error([0x22] + Array(String(scalar).utf8) + Array("\"   ".utf8)) == nil, "\(value)")
        }
    }

    @Test("what must be escaped is escaped on every place of a block, into an array as into an output")
    func writes() {
        for before in 0..<40 {
            for after in [0, 1, 7, 20] {
                for (byte, escaped) in [
                    (UInt8(ascii: "\""), "\\\""), (UInt8(ascii: "\\"), "\\\\"), (0, "\\u0000"), (0x1F, "\\u001f"),
                    (0x0A, "\\n"), (0x7F, "\u{7F}"), (UInt8(ascii: " "), " "), (UInt8(ascii: "!"), "!"),
                ] {
                    let plain = String(repeating: "é", count: before / 2) + String(repeating: "#", count: before % 2)
                    let end = String(repeating: "~", count: after)
                    let content = Array(plain.utf8) + [byte] + Array(end.utf8)
                    let expected = Array("\"\(plain)\(escaped)\(end)\"".utf8)
                    var array: [UInt8] = []
                    array.append(quoting: content)
                    #expect(array == expected)
                    let output = JSONOutput.array(expecting: 0) { output in
                        output.append(quoting: content)
                        return true
                    }
                    #expect(output == expected)
                }
            }
        }
    }

    @Test("an output that becomes longer than expected keeps all; one that fails is nothing")
    func grows() {
        let piece = Array("0123456789".utf8)
        for pieces in [0, 1, 6, 7, 100, 5000] {
            let output = JSONOutput.array(expecting: 64) { output in
                for _ in 0..<pieces { piece.withUnsafeBufferPointer { output.append(bytes: $0) } }
                output.append(literal: "taken back")
                output.truncate(to: output.count - 10)
                output.append(decimal: -120)
                return true
            }
            #expect(output == [[UInt8]](repeating: piece, count: pieces).flatMap { $0 } + Array("-120".utf8))
        }
        #expect(JSONOutput.array(expecting: 8) { _ in false } == nil)
    }

    @Test("runs of bytes are the same only where every byte is")
    func compares() {
        for count in 0..<40 {
            let one = (0..<count).map { UInt8($0) }
            for changed in -1..<count {
                var other = one
                if changed >= 0 { other[changed] ^= 0x40 }
                let areEqual = one.withUnsafeBufferPointer { one in
                    other.withUnsafeBufferPointer { JSONView.areEqual(one, $0) }
                }
                #expect(areEqual == (changed < 0), "\(count) \(changed)")
            }
        }
    }

    @Test("the later of two equal names is found, however many members there are and wherever it stands")
    func duplicates() {
        for count in [2, 3, 15, 16, 17, 18, 40, 300] {
            for later in [1, count / 2, count - 1] where later > 0 {
                for earlier in Set([0, later / 2, later - 1]) {
                    let names = (0..<count).map { $0 == later ? "\\u006e\(earlier)" : "n\($0)" }
                    let text = "{" + names.map { "\"\($0)\":{\"a\":[]}" }.joined(separator: ",") + "}"
                    let error = Self.error(Array(text.utf8))
                    #expect(error?.reason == .duplicateName)
                    #expect(error?.pointer == "/n\(earlier)")
                }
            }
            let text = "{" + (0..<count).map { "\"n\($0)\":0" }.joined(separator: ",") + "}"
            #expect(Self.error(Array(text.utf8)) == nil)
        }
    }
}
