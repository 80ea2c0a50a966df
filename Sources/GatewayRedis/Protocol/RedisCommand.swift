import GatewayStore
import NIOCore

/// A command as it goes to a server: an array of bulk strings, written once into the bytes that are sent. Arguments are
/// bytes of any kind.
struct RedisCommand: Sendable {
    /// The arguments, each with its length; the number of them goes before when the command is sent.
    private var bytes: [UInt8] = []
    private var count = 0
    /// The key that the command is about, within `bytes`; a cluster keeps each at one of its servers.
    private var keyRange: Range<Int>?

    /// Of the largest number.
    private static let digitsMax = 20
    /// What goes around an argument: its length and two line ends.
    private static let overhead = 16

    init(_ words: String...) {
        for word in words { self.append(word.utf8) }
    }

    /// - Parameter room: for so many bytes of further arguments, so that they are written without growing.
    init(_ verb: StaticString, room: Int) {
        self.bytes.reserveCapacity(room + 8 * Self.overhead)
        verb.withUTF8Buffer { self.append($0) }
    }

    /// The key that the command is about, or nil.
    var key: ArraySlice<UInt8>? { self.keyRange.map { self.bytes[$0] } }

    mutating func append(_ argument: some Collection<UInt8>) {
        self.begin(argument.count)
        self.bytes.append(contentsOf: argument)
        self.lineEnd()
    }

    /// An argument of so many bytes, which `write` appends.
    mutating func append(_ count: Int, _ write: (inout [UInt8]) -> Void) {
        self.begin(count)
        let start = self.bytes.count
        write(&self.bytes)
        assert(self.bytes.count - start == count)
        self.lineEnd()
    }

    /// Eight bytes.
    mutating func append(owner: UInt64) {
        self.append(8) { $0.append(bigEndian: owner) }
    }

    /// The digits of a number.
    mutating func append(number: Int) {
        self.begin(Self.digitCount(number))
        self.append(digits: number)
        self.lineEnd()
    }

    /// The key that the command is about, in two parts; the second is written by `write`, and has so many bytes.
    mutating func append(key first: [UInt8], _ count: Int, _ write: (inout [UInt8]) -> Void) {
        self.begin(first.count + count)
        let start = self.bytes.count
        self.bytes.append(contentsOf: first)
        write(&self.bytes)
        assert(self.bytes.count - start == first.count + count)
        self.keyRange = start..<self.bytes.count
        self.lineEnd()
    }

    mutating func append(key: some Collection<UInt8>) {
        self.begin(key.count)
        let start = self.bytes.count
        self.bytes.append(contentsOf: key)
        self.keyRange = start..<self.bytes.count
        self.lineEnd()
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeString("*\(self.count)\r\n")
        buffer.writeBytes(self.bytes)
    }

    /// The command with other words for its first two.
    func replacing(firstTwoWith one: String, _ other: String) -> RedisCommand {
        var command = RedisCommand(one, other)
        var start = 0
        for _ in 0..<2 { start = self.endOfArgument(at: start) }
        let offset = command.bytes.count - start
        command.bytes.append(contentsOf: self.bytes[start...])
        command.count = self.count
        command.keyRange = self.keyRange.map { $0.lowerBound + offset..<$0.upperBound + offset }
        return command
    }

    private func endOfArgument(at start: Int) -> Int {
        var index = start + 1
        var length = 0
        while self.bytes[index] != UInt8(ascii: "\r") {
            length = length * 10 + Int(self.bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
        return index + 2 + length + 2
    }

    private mutating func begin(_ length: Int) {
        self.count += 1
        self.bytes.append(UInt8(ascii: "$"))
        self.append(digits: length)
        self.lineEnd()
    }

    private mutating func lineEnd() {
        self.bytes.append(UInt8(ascii: "\r"))
        self.bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(digits number: Int) {
        guard number < 0 || number > 9 else { return self.bytes.append(UInt8(ascii: "0") &+ UInt8(number)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.digitsMax) { digits in
            var first = Self.digitsMax
            var rest = number.magnitude
            repeat {
                first &-= 1
                digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 { self.bytes.append(UInt8(ascii: "-")) }
            self.bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[first...]))
        }
    }

    private static func digitCount(_ number: Int) -> Int {
        var count = number < 0 ? 2 : 1
        var rest = number.magnitude
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }
}
