/// The fields of one received header section, in their order.
///
/// A view: valid only while the event that carries it is being delivered. Whoever needs a value longer copies it.
package struct HTTP2Fields {
    /// Not retained: the session that delivers holds it, and events are copied often.
    private let store: Unmanaged<FieldStore>
    private let entries: Range<Int>

    init(store: FieldStore, entries: Range<Int>) {
        self.store = Unmanaged.passUnretained(store)
        self.entries = entries
    }

    /// One field; both buffers have the lifetime of the view.
    package struct Field {
        package let name: HTTP2FieldName
        package let nameBytes: UnsafeBufferPointer<UInt8>
        package let value: UnsafeBufferPointer<UInt8>

        /// The value as text; bytes that are not UTF-8 are replaced.
        package var text: String { String(decoding: self.value, as: UTF8.self) }

        /// The value as a number, if it is one.
        package var decimal: Int? { self.value.decimal }
    }

    package var count: Int { self.entries.count }

    /// The field at `position`, which must be less than `count`.
    package subscript(position: Int) -> Field {
        self.store._withUnsafeGuaranteedRef { $0.field(at: self.entries.lowerBound + position) }
    }

    /// The first value of a known field.
    package func first(_ name: HTTP2FieldName) -> UnsafeBufferPointer<UInt8>? {
        for position in 0..<self.count {
            let field = self[position]
            if field.name == name { return field.value }
        }
        return nil
    }

    /// The first value of a known field, as text; bytes that are not UTF-8 are replaced.
    package func string(_ name: HTTP2FieldName) -> String? {
        self.first(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The response status, if the section has one of three digits.
    package var status: Int? {
        guard let text = self.first(.status), text.count == 3 else { return nil }
        var status = 0
        for digit in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            status = status * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return status
    }
}

/// The bytes of received fields, appended one after the other and dropped together when they have been delivered.
///
/// One for each event loop: what is recorded is delivered before another session reads. Confined to that loop. Keeps
/// what else the sessions of a loop share.
package final class FieldStore {
    /// Where libnghttp2 gets its memory.
    let blocks = BlockPool()

    /// Half-size numbers: the bytes are limited far below what they hold.
    private struct Entry {
        let start: UInt32
        let nameLength: UInt32
        let valueLength: UInt32
        let name: HTTP2FieldName
    }

    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var used = 0
    private var entries: UnsafeMutablePointer<Entry>
    private var entryCapacity: Int
    private(set) var entryCount = 0
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
    @inline(__always)
    func append(
        _ known: HTTP2FieldName, name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let length = name.count + value.count
        guard self.reserve(length) else { return false }
        let start = self.bytes + self.used
        if let base = name.baseAddress { start.update(from: base, count: name.count) }
        if let base = value.baseAddress { (start + name.count).update(from: base, count: value.count) }
        (self.entries + self.entryCount).initialize(
            to: Entry(
                start: UInt32(truncatingIfNeeded: self.used), nameLength: UInt32(truncatingIfNeeded: name.count),
                valueLength: UInt32(truncatingIfNeeded: value.count), name: known))
        self.entryCount &+= 1
        self.used &+= length
        return true
    }

    /// A session begins to deliver what it has recorded here.
    func beginDelivery() {
        self.deliveries += 1
    }

    /// The fields go when the last session is done: delivering may have made another one write and deliver.
    func endDelivery() {
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
    func field(at index: Int) -> HTTP2Fields.Field {
        guard index >= 0, index < self.entryCount else {
            let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            return HTTP2Fields.Field(name: .other, nameBytes: nothing, value: nothing)
        }
        let entry = self.entries[index]
        let start = self.bytes + Int(entry.start)
        return HTTP2Fields.Field(
            name: entry.name,
            nameBytes: UnsafeBufferPointer(start: start, count: Int(entry.nameLength)),
            value: UnsafeBufferPointer(start: start + Int(entry.nameLength), count: Int(entry.valueLength)))
    }

    @inline(__always)
    private func reserve(_ length: Int) -> Bool {
        if self.used + length <= self.capacity, self.entryCount < self.entryCapacity { return true }
        return self.grow(for: length)
    }

    @inline(never)
    private func grow(for length: Int) -> Bool {
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

extension UnsafeBufferPointer<UInt8> {
    /// The number that these bytes spell, if they are digits only and an `Int` holds it.
    package var decimal: Int? {
        guard !self.isEmpty else { return nil }
        var number = 0
        for byte in self {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !isTooLarge, !isOver else { return nil }
            number = sum
        }
        return number
    }
}
