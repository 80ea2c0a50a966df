/// Reusable storage for parsing one text after another; a worker keeps one and allocates only while it grows.
///
/// A parsed text is a flat list of entries over the caller's bytes: nothing is decoded, nothing is copied.
/// Confined to one thread at a time. The view that `parse` returns borrows both the tape and the
/// bytes: it must not be used after the next `parse`, nor after the bytes' owner has let go of them.
package final class JSONTape {
    var entries: UnsafeMutablePointer<JSONEntry>
    var capacity: Int
    /// Open-addressing table for the names of large objects; none until the first one is met.
    private var nameTable: UnsafeMutablePointer<UInt32>?
    private var nameTableSize = 0

    /// Enough for a product of 2 KB or so; grows by doubling.
    private static let initialCapacity = 256
    /// Above this many entries (1 MiB of storage) the storage is given back before the next text, so that one
    /// huge text does not pin its memory for the life of the worker.
    private static let retainedCapacityMax = 1 << 16

    package init() {
        self.capacity = Self.initialCapacity
        self.entries = .allocate(capacity: Self.initialCapacity)
    }

    deinit {
        self.entries.deallocate()
        self.nameTable?.deallocate()
    }

    /// Parses one text, strictly by RFC 8259, with our limits and without duplicate names.
    ///
    /// Linear in the text's length. Never traps, whatever the bytes are. `looksClosely` reads it as on a processor that
    /// cannot tell in a few wide steps whether it is valid UTF-8: with the same result, only slower.
    package func parse(
        _ text: UnsafeBufferPointer<UInt8>, limits: JSONLimits, looksClosely: Bool = false
    ) throws(JSONError) -> JSONView {
        guard text.count <= limits.bytesMax else {
            throw JSONError(
                reason: .tooLarge(bytesMax: limits.bytesMax), offset: limits.bytesMax, line: 1, column: 1, pointer: nil)
        }
        guard let base = text.baseAddress, text.count > 0 else {
            throw JSONError(reason: .empty, offset: 0, line: 1, column: 1, pointer: nil)
        }
        self.giveBackIfHuge()
        var parser = JSONParser(base: base, count: text.count, depthMax: limits.depthMax, tape: self)
        do throws(JSONParser.SyntaxError) {
            try parser.run(looksClosely: looksClosely)
        } catch {
            throw JSONError(syntaxError: error, in: text, parser: parser)
        }
        return JSONView(bytes: base, entries: UnsafePointer(self.entries), count: parser.count)
    }

    /// Makes room for at least twice as many entries. Keeps the first `used`.
    func grow(used: Int) {
        let doubled = self.capacity * 2
        let larger = UnsafeMutablePointer<JSONEntry>.allocate(capacity: doubled)
        larger.moveInitialize(from: self.entries, count: used)
        self.entries.deallocate()
        self.entries = larger
        self.capacity = doubled
    }

    /// Room for `size` numbers, all zero. Good until it is asked for again.
    func clearedNameTable(_ size: Int) -> UnsafeMutablePointer<UInt32> {
        if let table = self.nameTable, self.nameTableSize >= size {
            table.update(repeating: 0, count: size)
            return table
        }
        self.nameTable?.deallocate()
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
        table.initialize(repeating: 0, count: size)
        self.nameTable = table
        self.nameTableSize = size
        return table
    }

    private func giveBackIfHuge() {
        guard self.capacity > Self.retainedCapacityMax else { return }
        self.entries.deallocate()
        self.capacity = Self.initialCapacity
        self.entries = .allocate(capacity: Self.initialCapacity)
        self.nameTable?.deallocate()
        self.nameTable = nil
        self.nameTableSize = 0
    }
}
