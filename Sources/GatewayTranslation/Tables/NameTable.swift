import GatewayJSON

/// Finds known names by the hash that the parser has already computed; confirms by bytes.
///
/// Open addressing, at most a quarter full. Immutable; shared by all workers.
final class NameTable: Sendable {
    struct Slot: BitwiseCopyable {
        var hash: UInt32
        var name: PooledBytes
        /// -1 marks a free slot.
        var value: Int32
    }

    private let slots: FrozenBuffer<Slot>
    private let bytes: FrozenBuffer<UInt8>
    private let mask: Int

    init(_ names: [(name: String, value: Int)]) {
        var pool = BytePoolBuilder()
        var size = 8
        while size < names.count * 4 { size *= 2 }
        var slots = [Slot](repeating: Slot(hash: 0, name: PooledBytes(), value: -1), count: size)
        for (name, value) in names {
            let hash = Self.hash(name)
            var place = Int(hash) & (size - 1)
            while slots[place].value >= 0 { place = (place + 1) & (size - 1) }
            slots[place] = Slot(hash: hash, name: pool.add(name.utf8), value: Int32(value))
        }
        self.slots = FrozenBuffer(slots)
        self.bytes = FrozenBuffer(pool.bytes)
        self.mask = size - 1
    }

    /// The table to look things up in: trivial to copy, so that a loop touches no reference counts. Good for as long
    /// as the table is.
    struct View: BitwiseCopyable {
        fileprivate let slots: UnsafePointer<Slot>
        fileprivate let bytes: UnsafePointer<UInt8>
        fileprivate let mask: Int

        /// The value of the member's name at an index, or -1.
        @inline(__always)
        func value(of name: Int, in view: JSONView) -> Int {
            let hash = view.hash(ofName: name)
            var place = Int(hash) & self.mask
            while true {
                let slot = self.slots + place
                let value = Int(slot.pointee.value)
                if value < 0 { return -1 }
                if slot.pointee.hash == hash, view.isContent(of: name, self.bytes.view(slot.pointee.name)) {
                    return value
                }
                place = (place &+ 1) & self.mask
            }
        }
    }

    var view: View { View(slots: self.slots.base, bytes: self.bytes.base, mask: self.mask) }

    /// The hash under which the parser finds a name.
    static func hash(_ name: String) -> UInt32 {
        let bytes = Array(name.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                // An empty array may have no address; no byte is read for count 0.
                return withUnsafePointer(to: UInt8(0)) {
                    JSONNameHash.hash($0, count: 0, seed: JSONNameHash.seed)
                }
            }
            return JSONNameHash.hash(base, count: buffer.count, seed: JSONNameHash.seed)
        }
    }
}
