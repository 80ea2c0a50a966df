/// Cuts one JSON array into its elements, whatever pieces it comes in.
///
/// Finds brackets and strings and looks no closer: whether an element is JSON is for whoever gets it. Line ends within
/// an element become spaces, which is what they are between tokens; in a string they would not be JSON. Holds one
/// element, of at most `bytesMax` bytes.
package struct JSONArrayReader: Sendable {
    private enum State {
        case before
        /// Behind the bracket that opens the array.
        case opened
        /// Behind a comma.
        case next
        case element
        case after
    }

    private let bytesMax: Int
    private var state = State.before
    private var element: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var number = 0

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Reads more; `take` gets each element that comes to its end.
    package mutating func read(
        _ bytes: some Sequence<UInt8>, _ take: (PushLine) throws(PushReadingError) -> Void
    ) throws(PushReadingError) {
        for byte in bytes {
            switch self.state {
            case .before:
                if Self.isSpace(byte) { continue }
                guard byte == UInt8(ascii: "[") else {
                    throw PushReadingError(
                        byte == UInt8(ascii: "{")
                            ? "this is an object and no JSON array; for JSON Lines say --format jsonl"
                            : "this is no JSON array")
                }
                self.state = .opened
            case .opened, .next:
                if Self.isSpace(byte) { continue }
                switch byte {
                case UInt8(ascii: "]") where self.state == .opened:
                    self.state = .after
                case UInt8(ascii: "]"), UInt8(ascii: ","):
                    throw PushReadingError("there is no element \(self.number + 1): a comma too many")
                default:
                    self.state = .element
                    try self.step(byte, take)
                }
            case .element:
                try self.step(byte, take)
            case .after:
                guard Self.isSpace(byte) else { throw PushReadingError("there is something behind the array's end") }
            }
        }
    }

    /// Nothing more comes.
    package func end() throws(PushReadingError) {
        guard self.state == .after else {
            throw PushReadingError(self.state == .before ? "the file is empty: not even []" : "the array has no end")
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private mutating func step(
        _ byte: UInt8, _ take: (PushLine) throws(PushReadingError) -> Void
    ) throws(PushReadingError) {
        if self.isInString {
            if self.isEscaped {
                self.isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                self.isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                self.isInString = false
            }
        } else {
            switch byte {
            case UInt8(ascii: "\""): self.isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard self.depth > 0 else {
                    guard byte == UInt8(ascii: "]") else {
                        throw PushReadingError("there is a closing brace without its opening one")
                    }
                    try self.finish(take)
                    self.state = .after
                    return
                }
                self.depth -= 1
            case UInt8(ascii: ",") where self.depth == 0:
                try self.finish(take)
                return
            default: break
            }
        }
        self.element.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
        guard self.element.count <= self.bytesMax else {
            throw PushReadingError("element \(self.number + 1) is longer than \(self.bytesMax) bytes")
        }
    }

    private mutating func finish(_ take: (PushLine) throws(PushReadingError) -> Void) throws(PushReadingError) {
        while let last = self.element.last, Self.isSpace(last) { self.element.removeLast() }
        self.number += 1
        let line = PushLine(number: self.number, text: self.element)
        self.element.removeAll(keepingCapacity: true)
        self.state = .next
        try take(line)
    }
}
