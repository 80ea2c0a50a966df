import GatewayJSON

/// Several ways from a value down to another one, each the tokens of an RFC 6901 pointer, compiled: members are found
/// by the hashes that the parser has computed, and confirmed by their bytes.
///
/// Immutable; shared by all workers.
final class CompiledPointers: @unchecked Sendable {
    fileprivate struct Token: BitwiseCopyable {
        let hash: UInt32
        let name: PooledBytes
        /// The token as an array's index, or -1.
        let position: Int
    }

    /// What to look things up with: trivial to copy, so that reading touches no reference counts. Good for as long as
    /// the pointers are.
    struct View: BitwiseCopyable {
        let count: Int
        private let tokens: UnsafePointer<Token>
        /// Where each pointer's tokens end.
        private let ends: UnsafePointer<Int>
        private let pool: UnsafePointer<UInt8>
        /// For each pointer, the bit of its first token's name in a set of names; all bits where it has no token.
        private let firstBits: UnsafePointer<UInt64>
        /// All of `firstBits`.
        private let anyBits: UInt64

        fileprivate init(_ owner: borrowing Storage) {
            self.count = owner.ends.count
            self.tokens = owner.tokens.base
            self.ends = owner.ends.base
            self.pool = owner.pool.base
            self.firstBits = owner.firstBits.base
            self.anyBits = owner.anyBits
        }
    }

    fileprivate struct Storage: Sendable {
        let tokens: FrozenBuffer<Token>
        let ends: FrozenBuffer<Int>
        let pool: FrozenBuffer<UInt8>
        let firstBits: FrozenBuffer<UInt64>
        let anyBits: UInt64
    }

    private let storage: Storage
    // Why `Sendable` is unchecked: pointers into `storage`, which never changes.
    let view: View

    init(_ pointers: [[String]]) {
        var pool = BytePoolBuilder()
        var tokens: [Token] = []
        var ends: [Int] = []
        var firstBits: [UInt64] = []
        for pointer in pointers {
            for token in pointer {
                tokens.append(
                    Token(hash: NameTable.hash(token), name: pool.add(token.utf8), position: Int(token) ?? -1))
            }
            ends.append(tokens.count)
            firstBits.append(pointer.first.map { Self.bit(NameTable.hash($0)) } ?? .max)
        }
        self.storage = Storage(
            tokens: FrozenBuffer(tokens), ends: FrozenBuffer(ends), pool: FrozenBuffer(pool.bytes),
            firstBits: FrozenBuffer(firstBits), anyBits: firstBits.reduce(0, |))
        self.view = View(self.storage)
    }

    var count: Int { self.view.count }

    /// As the view's.
    func value(_ pointer: Int, in view: JSONView, from start: Int = 0) -> Int? {
        self.view.value(pointer, in: view, from: start)
    }

    @inline(__always)
    fileprivate static func bit(_ hash: UInt32) -> UInt64 { 1 &<< UInt64(hash & 63) }

    /// The set of an object's names, with one bit for each 64th of all names; all bits for any other value.
    static func names(of object: Int, in view: JSONView) -> UInt64 {
        guard view.kind(of: object) == .object else { return .max }
        var names: UInt64 = 0
        let end = view.next(after: object)
        var name = object &+ 1
        while name < end {
            names |= self.bit(view.hash(ofName: name))
            name = view.next(after: name &+ 1)
        }
        // An empty object has no bit, and a pointer without tokens leads to it all the same.
        return names == 0 ? .max : names
    }
}

extension CompiledPointers.View {
    /// The index of the value that one of the pointers leads to, or nil. A pointer without tokens leads to `start`.
    func value(_ pointer: Int, in view: JSONView, from start: Int = 0) -> Int? {
        let pool = self.pool
        var token = self.tokens + (pointer == 0 ? 0 : self.ends[pointer &- 1])
        let end = self.tokens + self.ends[pointer]
        var current = start
        while token < end {
            switch view.kind(of: current) {
            case .object:
                let behind = view.next(after: current)
                var name = current &+ 1
                while true {
                    guard name < behind else { return nil }
                    if view.hash(ofName: name) == token.pointee.hash,
                        view.isContent(of: name, pool.view(token.pointee.name))
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

    /// Calls `body` with each pointer that leads somewhere, and where it leads, until `body` answers false.
    ///
    /// `names` is `names(of: start, in: view)`, asked for once for all that is looked up in one object.
    @inline(__always)
    func forEach(
        in view: JSONView, from start: Int, names: UInt64, _ body: (_ pointer: Int, _ found: Int) -> Bool
    ) {
        guard names & self.anyBits != 0 else { return }
        let firstBits = self.firstBits
        var pointer = 0
        while pointer < self.count {
            if names & firstBits[pointer] != 0, let found = self.value(pointer, in: view, from: start),
                !body(pointer, found)
            {
                return
            }
            pointer &+= 1
        }
    }
}
