import GatewayJSON

/// Several ways from a value down to another one, each the tokens of an RFC 6901 pointer, compiled: members are found
/// by the hashes that the parser has computed, and confirmed by their bytes.
///
/// Immutable; shared by all workers.
final class CompiledPointers: Sendable {
    private struct Token: BitwiseCopyable {
        let hash: UInt32
        let name: PooledBytes
        /// The token as an array's index, or -1.
        let position: Int
    }

    let count: Int
    private let tokens: FrozenBuffer<Token>
    /// Where each pointer's tokens end.
    private let ends: FrozenBuffer<Int>
    private let pool: FrozenBuffer<UInt8>

    init(_ pointers: [[String]]) {
        var pool = BytePoolBuilder()
        var tokens: [Token] = []
        var ends: [Int] = []
        for pointer in pointers {
            for token in pointer {
                tokens.append(
                    Token(hash: NameTable.hash(token), name: pool.add(token.utf8), position: Int(token) ?? -1))
            }
            ends.append(tokens.count)
        }
        self.count = pointers.count
        self.tokens = FrozenBuffer(tokens)
        self.ends = FrozenBuffer(ends)
        self.pool = FrozenBuffer(pool.bytes)
    }

    /// The index of the value that one of the pointers leads to, or nil. A pointer without tokens leads to `start`.
    func value(_ pointer: Int, in view: JSONView, from start: Int = 0) -> Int? {
        let pool = self.pool.base
        var token = self.tokens.base + (pointer == 0 ? 0 : self.ends[pointer - 1])
        let end = self.tokens.base + self.ends[pointer]
        var current = start
        while token < end {
            switch view[current].kind {
            case .object:
                let behind = view.next(after: current)
                var name = current &+ 1
                while true {
                    guard name < behind else { return nil }
                    if view[name].link == token.pointee.hash,
                        view.decodedContent(view[name], equals: pool.view(token.pointee.name))
                    {
                        break
                    }
                    name = view.next(after: name &+ 1)
                }
                current = name &+ 1
            case .array:
                guard token.pointee.position >= 0, let element = view.element(token.pointee.position, of: current)
                else { return nil }
                current = element
            default:
                return nil
            }
            token += 1
        }
        return current
    }

    /// What the first pointer leads to that leads to something of which `take` makes anything.
    @inline(__always)
    func first<Result>(in view: JSONView, from start: Int, _ take: (Int) -> Result?) -> Result? {
        for pointer in 0..<self.count {
            if let found = self.value(pointer, in: view, from: start), let result = take(found) { return result }
        }
        return nil
    }
}
