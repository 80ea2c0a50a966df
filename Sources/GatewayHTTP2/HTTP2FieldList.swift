internal import CNghttp2
import Glibc

/// The fields of a header section to send, built field by field; make one and use it again and again.
///
/// Names are lower case and mostly static, values are copied in. Confined to one event loop. Values must not hold CR, LF
/// or NUL (RFC 9113 section 8.2.1); `append` drops those bytes, so that nothing can be smuggled by a value.
package final class HTTP2FieldList {
    /// What is copied in; the pairs point into it.
    private var bytes: UnsafeMutablePointer<UInt8>
    private var byteCapacity: Int
    private var byteCount = 0
    /// The fields as libnghttp2 wants them, ready at any time.
    private var pairs: UnsafeMutablePointer<nghttp2_nv>
    private var pairCapacity: Int
    private var pairCount = 0

    private static let noCopyName = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue)
    private static let noIndex = UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue)
    /// More than an ordinary section has of either; both grow.
    private static let initialByteCapacity = 1024
    private static let initialPairCapacity = 16

    package init() {
        self.byteCapacity = Self.initialByteCapacity
        self.bytes = .allocate(capacity: Self.initialByteCapacity)
        self.pairCapacity = Self.initialPairCapacity
        self.pairs = .allocate(capacity: Self.initialPairCapacity)
    }

    deinit {
        self.bytes.deallocate()
        self.pairs.deallocate()
    }

    package func removeAll() {
        self.byteCount = 0
        self.pairCount = 0
    }

    /// - Parameter isSensitive: keeps the value out of HPACK's table on both sides (RFC 7541 section 7.1.3): for
    ///   secrets, and for values that never come again.
    package func append(
        _ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, isSensitive: Bool = false
    ) {
        self.reserve(value.count)
        let length = self.copy(value)
        self.note(name, valueLength: length, isSensitive: isSensitive)
    }

    package func append(_ name: StaticString, _ value: [UInt8], isSensitive: Bool = false) {
        value.withUnsafeBufferPointer { self.append(name, $0, isSensitive: isSensitive) }
    }

    package func append(_ name: StaticString, _ value: String, isSensitive: Bool = false) {
        value.withUTF8Borrowed { self.append(name, $0, isSensitive: isSensitive) }
    }

    package func append(_ name: StaticString, _ value: StaticString) {
        let length = value.utf8CodeUnitCount
        self.reserve(length)
        (self.bytes + self.byteCount).update(from: value.utf8Start, count: length)
        self.note(name, valueLength: length, isSensitive: false)
    }

    package func append(_ name: StaticString, decimal value: Int) {
        let digitsMax = 20  // of an Int, with its sign
        self.reserve(digitsMax)
        let start = self.bytes + self.byteCount
        var magnitude = value.magnitude
        var position = digitsMax
        repeat {
            position -= 1
            start[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
        if value < 0 {
            position -= 1
            start[position] = UInt8(ascii: "-")
        }
        memmove(start, start + position, digitsMax - position)
        self.note(name, valueLength: digitsMax - position, isSensitive: false)
    }

    /// A name that is known only at run time; it must be lower case. Bytes that no name may have are dropped.
    package func append(name: String, value: String) {
        let nameLength = name.withUTF8Borrowed { bytes in
            self.reserve(bytes.count)
            let start = self.bytes + self.byteCount
            var length = 0
            for byte in bytes where byte > 0x20 && byte < 0x7F {
                start[length] = byte
                length += 1
            }
            return length
        }
        self.byteCount += nameLength
        let valueLength = value.withUTF8Borrowed { bytes in
            self.reserve(bytes.count)
            return self.copy(bytes)
        }
        let start = self.bytes + self.byteCount
        self.add(
            nghttp2_nv(
                name: start - nameLength, value: start, namelen: nameLength, valuelen: valueLength, flags: 0))
        self.byteCount += valueLength
    }

    /// Copies a value behind what is there, without the bytes that no value may have; the result is its length.
    private func copy(_ value: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = value.baseAddress else { return 0 }
        let start = self.bytes + self.byteCount
        if !Self.hasControl(base, value.count) {
            // Nearly every value.
            start.update(from: base, count: value.count)
            return value.count
        }
        var length = 0
        for byte in value where byte != 0 && byte != 0x0A && byte != 0x0D {
            start[length] = byte
            length += 1
        }
        return length
    }

    /// Whether any byte is below 0x20, eight at a time: a byte that is has its highest bit in the difference and not in
    /// itself. Borrows can only make a byte look like one that is not there, which costs a second look.
    private static func hasControl(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let high: UInt64 = 0x8080_8080_8080_8080
        var found: UInt64 = 0
        var position = 0
        let raw = UnsafeRawPointer(bytes)
        while position + 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            found |= (word &- 0x2020_2020_2020_2020) & ~word & high
            position += 8
        }
        while position < count {
            if bytes[position] < 0x20 { return true }
            position += 1
        }
        return found != 0
    }

    /// Makes a field of the `valueLength` bytes that have been written behind what is there.
    private func note(_ name: StaticString, valueLength: Int, isSensitive: Bool) {
        // libnghttp2 takes mutable pointers and does not write through them.
        self.add(
            nghttp2_nv(
                name: UnsafeMutablePointer(mutating: name.utf8Start), value: self.bytes + self.byteCount,
                namelen: name.utf8CodeUnitCount, valuelen: valueLength,
                flags: isSensitive ? Self.noCopyName | Self.noIndex : Self.noCopyName))
        self.byteCount += valueLength
    }

    private func add(_ pair: nghttp2_nv) {
        if self.pairCount == self.pairCapacity {
            let larger = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: self.pairCapacity * 2)
            larger.moveInitialize(from: self.pairs, count: self.pairCount)
            self.pairs.deallocate()
            self.pairs = larger
            self.pairCapacity *= 2
        }
        (self.pairs + self.pairCount).initialize(to: pair)
        self.pairCount += 1
    }

    private func reserve(_ count: Int) {
        let needed = self.byteCount + count
        guard needed > self.byteCapacity else { return }
        var capacity = self.byteCapacity
        while capacity < needed { capacity *= 2 }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: self.bytes, count: self.byteCount)
        // What points into the old bytes points to the same place in the new ones.
        for index in 0..<self.pairCount {
            self.pairs[index].value = self.pairs[index].value.map { larger + ($0 - self.bytes) }
            guard self.pairs[index].flags & Self.noCopyName == 0 else { continue }
            self.pairs[index].name = self.pairs[index].name.map { larger + ($0 - self.bytes) }
        }
        self.bytes.deallocate()
        self.bytes = larger
        self.byteCapacity = capacity
    }

    /// The names and values in their order; the bytes are valid within `body` only.
    package func forEach(_ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void) {
        for index in 0..<self.pairCount {
            let pair = self.pairs[index]
            body(
                UnsafeBufferPointer(start: pair.name, count: pair.namelen),
                UnsafeBufferPointer(start: pair.value, count: pair.valuelen))
        }
    }

    /// The fields as libnghttp2 wants them; the pointers are valid within `body` only, and libnghttp2 copies.
    func withPairs<Result>(
        _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
    ) -> Result {
        body(UnsafePointer(self.pairs), self.pairCount)
    }
}

extension String {
    /// `withUTF8` without a copy of the string first, where its bytes are in one piece: always, but for strings that come
    /// from other languages.
    fileprivate func withUTF8Borrowed<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = self.utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = self
        return copy.withUTF8(body)
    }
}
