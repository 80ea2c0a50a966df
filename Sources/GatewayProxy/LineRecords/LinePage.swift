/// What is known of 16,384 lines of a stream at each of its targets: which were there, which are done, and which may
/// have been sent without an answer. In blocks of 128 lines, each with a sum over the content of its lines that are
/// done, so that a repetition that differs is noticed without eight bytes for each line. A value; decides only.
///
/// A million lines that are done take 86 KB at one target.
struct LinePage: Equatable {
    private struct Lane: Equatable {
        var done = LineSet()
        var begun = LineSet()
        /// Of the digests of the lines that are done, modulo 2^64.
        var sum: UInt64 = 0
    }

    private struct Block: Equatable {
        /// Lines that were there: empty ones are none.
        var known = LineSet()
        var lanes: [Lane]
    }

    /// How far a line has come at a target.
    enum Standing: Equatable {
        /// Nothing of it is known, or nothing has come of it.
        case open
        /// It may have been sent, and was not answered.
        case begun
        case done
    }

    static let blocks = 128
    static let size = Self.blocks * LineSet.size
    /// The first byte of what is written: another way of writing gets another number.
    private static let version: UInt8 = 1

    private let laneCount: Int
    private var blocks: [Block]

    init(lanes: Int) {
        self.laneCount = lanes
        self.blocks = Array(repeating: Block(lanes: Array(repeating: Lane(), count: lanes)), count: Self.blocks)
    }

    /// Of a line's number in its stream, from 1: its page, and its place there.
    static func place(of number: Int) -> (page: Int, line: Int) {
        let index = max(0, number - 1)
        return (index / Self.size, index % Self.size)
    }

    // MARK: Lines by their places in the page

    /// The line is there.
    mutating func take(_ line: Int) { self.blocks[line / LineSet.size].known.insert(line % LineSet.size) }

    func standing(of line: Int, at lane: Int) -> Standing {
        let lines = self.blocks[line / LineSet.size].lanes[lane]
        let member = line % LineSet.size
        return lines.done.contains(member) ? .done : lines.begun.contains(member) ? .begun : .open
    }

    mutating func begin(_ line: Int, at lane: Int) {
        self.blocks[line / LineSet.size].lanes[lane].begun.insert(line % LineSet.size)
    }

    /// Nothing has come of what was begun.
    mutating func release(_ line: Int, at lane: Int) {
        self.blocks[line / LineSet.size].lanes[lane].begun.remove(line % LineSet.size)
    }

    /// - Parameter digest: of the line's content.
    mutating func finish(_ line: Int, at lane: Int, digest: UInt64) {
        let (block, member) = (line / LineSet.size, line % LineSet.size)
        self.blocks[block].lanes[lane].begun.remove(member)
        guard !self.blocks[block].lanes[lane].done.contains(member) else { return }
        self.blocks[block].lanes[lane].done.insert(member)
        self.blocks[block].lanes[lane].sum &+= digest
    }

    /// The lines of a block that are done at a target: how many, and the sum of their digests.
    func doneLines(ofBlock block: Int, at lane: Int) -> (count: Int, sum: UInt64) {
        let lines = self.blocks[block].lanes[lane]
        return (lines.done.count, lines.sum)
    }

    /// The last line that was there; nil where none was.
    var lastKnown: Int? {
        for (index, block) in self.blocks.enumerated().reversed() {
            if let last = block.known.last { return index * LineSet.size + last }
        }
        return nil
    }

    /// Calls `body` with every line that was there and is not done everywhere, in order, while it returns true.
    func forEachOpen(_ body: (Int) -> Bool) {
        for (index, block) in self.blocks.enumerated() {
            var done = block.known
            for lane in block.lanes { done.formIntersection(lane.done) }
            let open = block.known.subtracting(done)
            guard !open.isEmpty else { continue }
            for member in 0..<LineSet.size where open.contains(member) {
                guard body(index * LineSet.size + member) else { return }
            }
        }
    }

    // MARK: Bytes

    var bytes: [UInt8] {
        var bytes = [Self.version, UInt8(clamping: self.laneCount)]
        let empty = Block(lanes: Array(repeating: Lane(), count: self.laneCount))
        let used = (self.blocks.lastIndex { $0 != empty } ?? -1) + 1
        for block in self.blocks[..<used] {
            block.known.append(to: &bytes)
            for lane in block.lanes {
                lane.done.append(to: &bytes)
                lane.begun.append(to: &bytes)
                if !lane.done.isEmpty { withUnsafeBytes(of: lane.sum.bigEndian) { bytes.append(contentsOf: $0) } }
            }
        }
        return bytes
    }

    /// Nil where the bytes are none that `bytes` has written for so many targets.
    init?(bytes: [UInt8], lanes: Int) {
        self.init(lanes: lanes)
        guard bytes.count >= 2, bytes[0] == Self.version, Int(bytes[1]) == lanes else { return nil }
        var rest = bytes[2...]
        var index = 0
        while !rest.isEmpty {
            guard index < Self.blocks, let known = LineSet(from: &rest) else { return nil }
            self.blocks[index].known = known
            for lane in 0..<lanes {
                guard let done = LineSet(from: &rest), let begun = LineSet(from: &rest) else { return nil }
                self.blocks[index].lanes[lane].done = done
                self.blocks[index].lanes[lane].begun = begun
                guard !done.isEmpty else { continue }
                guard let sum = UInt64(from: &rest) else { return nil }
                self.blocks[index].lanes[lane].sum = sum
            }
            index += 1
        }
    }
}
