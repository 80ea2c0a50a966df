import NIOCore

/// A command as it goes to a server: an array of bulk strings. Arguments are bytes of any kind.
struct RedisCommand: Sendable {
    private(set) var arguments: [[UInt8]]

    init(_ words: String...) {
        self.arguments = words.map { Array($0.utf8) }
    }

    init(_ arguments: [[UInt8]]) {
        self.arguments = arguments
    }

    mutating func append(_ argument: String) { self.arguments.append(Array(argument.utf8)) }
    mutating func append(_ argument: [UInt8]) { self.arguments.append(argument) }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeString("*\(self.arguments.count)\r\n")
        for argument in self.arguments {
            buffer.writeString("$\(argument.count)\r\n")
            buffer.writeBytes(argument)
            buffer.writeString("\r\n")
        }
    }
}
