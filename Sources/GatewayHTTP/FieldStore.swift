/// The bytes of received fields, appended one after the other and dropped together when they have been delivered.
///
/// One for each event loop: what is recorded is delivered before another connection reads. Confined to that loop.
package final class FieldStore {
    /// Half-size numbers: the bytes are limited far below what they hold.
    @usableFromInline
    struct Entry {
        @usableFromInline let start: UInt32
        @usableFromInline let nameLength: UInt32
        @usableFromInline let valueLength: UInt32
        @usableFromInline let name: FieldName

        @inlinable
        init(start: Int, nameLength: Int, valueLength: Int, name: FieldName) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.nameLength = UInt32(truncatingIfNeeded: nameLength)
            self.valueLength = UInt32(truncatingIfNeeded: valueLength)
            self.name = name
        }
    }

    @usableFromInline var bytes: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var used = 0
    @usableFromInline var entries: UnsafeMutablePointer<Entry>
    @usableFromInline var entryCapacity: Int
    /// How many fields there are; the next one gets this position.
    package internal(set) var entryCount = 0
    private var deliveries = 0

    /// Enough for dozens of ordinary header sections at once.
    private static let initialCapacity = 16 * 1024
    private static let initialEntryCapacity = 512
    /// What one read can make us hold. HPACK turns one byte into thousands, so the size of the input is no bound
    /// (RFC 7541 section 7.3 leaves it to us).
    private static let capacityMax = 1024 * 1024

    package init() {
        self.capacity = Self.initialCapacity
        self.bytes = .allocate(capacity: Self.initialCapacity)
        self.entryCapacity = Self.initialEntryCapacity
        self.entries = .allocate(capacity: Self.initialEntryCapacity)
    }

    deinit {
        self.bytes.deallocate()
        self.entries.deallocate()
    }

    /// False when there is no more room: the caller refuses the section.
    ///
    /// - Parameter known: which of the known names it is.
    @inlinable
    @inline(__always)
    package func append(
        _ known: FieldName, name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let length = name.count + value.count
        guard self.reserve(length) else { return false }
        let start = self.bytes + self.used
        if let base = name.baseAddress { start.update(from: base, count: name.count) }
        if let base = value.baseAddress { (start + name.count).update(from: base, count: value.count) }
        (self.entries + self.entryCount).initialize(
            to: Entry(start: self.used, nameLength: name.count, valueLength: value.count, name: known))
        self.entryCount &+= 1
        self.used &+= length
        return true
    }

    /// A connection begins to deliver what it has recorded here.
    package func beginDelivery() {
        self.deliveries += 1
    }

    /// The fields go when the last connection is done: delivering may have made another one write and deliver.
    package func endDelivery() {
        self.deliveries -= 1
        if self.deliveries == 0 { self.removeAll() }
    }

    private func removeAll() {
        self.used = 0
        self.entryCount = 0
        // One unusual read must not keep its memory for ever.
        if self.capacity > 16 * Self.initialCapacity {
            self.bytes.deallocate()
            self.capacity = Self.initialCapacity
            self.bytes = .allocate(capacity: self.capacity)
        }
        if self.entryCapacity > 16 * Self.initialEntryCapacity {
            self.entries.deallocate()
            self.entryCapacity = Self.initialEntryCapacity
            self.entries = .allocate(capacity: self.entryCapacity)
        }
    }

    /// The field at `index`; an empty one where there is none, as for a view that outlived its event.
    @inlinable
    package func field(at index: Int) -> ReceivedFields.Field {
        guard index >= 0, index < self.entryCount else {
            let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            return ReceivedFields.Field(name: .other, nameBytes: nothing, value: nothing)
        }
        let entry = self.entries[index]
        let start = self.bytes + Int(entry.start)
        return ReceivedFields.Field(
            name: entry.name,
            nameBytes: UnsafeBufferPointer(start: start, count: Int(entry.nameLength)),
            value: UnsafeBufferPointer(start: start + Int(entry.nameLength), count: Int(entry.valueLength)))
    }

    @inlinable
    @inline(__always)
    func reserve(_ length: Int) -> Bool {
        if self.used + length <= self.capacity, self.entryCount < self.entryCapacity { return true }
        return self.grow(for: length)
    }

    @usableFromInline
    @inline(never)
    func grow(for length: Int) -> Bool {
        let needed = self.used + length
        guard needed <= Self.capacityMax else { return false }
        if self.entryCount == self.entryCapacity {
            let larger = UnsafeMutablePointer<Entry>.allocate(capacity: self.entryCapacity * 2)
            larger.moveInitialize(from: self.entries, count: self.entryCount)
            self.entries.deallocate()
            self.entries = larger
            self.entryCapacity *= 2
        }
        guard needed > self.capacity else { return true }
        let capacity = min(Self.capacityMax, max(needed, self.capacity * 2))
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        bytes.update(from: self.bytes, count: self.used)
        self.bytes.deallocate()
        self.bytes = bytes
        self.capacity = capacity
        return true
    }
}
