internal import CNghttp2
import GatewayHTTP

/// The fields of a header section to send, built field by field; make one and use it again and again.
///
/// Names are lower case and mostly static, values are copied in. Confined to one event loop. Values must not hold CR,
/// LF or NUL (RFC 9113 section 8.2.1); `append` drops those bytes, so that nothing can be smuggled by a value.
package final class HTTP2FieldList: FieldWriter {
    /// What is copied in; the pairs point into it.
    private var bytes: UnsafeMutablePointer<UInt8>
    private var byteCapacity: Int
    private var byteCount = 0
    /// The fields as libnghttp2 wants them, ready at any time.
    private var pairs: UnsafeMutablePointer<nghttp2_nv>
    private var pairCapacity: Int
    private var pairCount = 0

    private static let noCopyName = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue)
    private static let noCopyValue = UInt8(NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
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

    /// A value of two parts.
    package func append(_ name: StaticString, _ start: [UInt8], _ rest: [UInt8]) {
        self.reserve(start.count + rest.count)
        let startLength = start.isEmpty ? 0 : start.withUnsafeBufferPointer { self.copy($0) }
        self.byteCount += startLength
        let restLength = rest.withUnsafeBufferPointer { self.copy($0) }
        self.byteCount -= startLength
        self.note(name, valueLength: startLength + restLength, isSensitive: false)
    }

    package func append(_ name: StaticString, _ value: String, isSensitive: Bool = false) {
        value.withUTF8Borrowed { self.append(name, $0, isSensitive: isSensitive) }
    }

    package func append(_ name: StaticString, _ value: StaticString) {
        // Both are there for ever: nobody has to copy them.
        self.add(
            nghttp2_nv(
                name: UnsafeMutablePointer(mutating: name.utf8Start),
                value: UnsafeMutablePointer(mutating: value.utf8Start), namelen: name.utf8CodeUnitCount,
                valuelen: value.utf8CodeUnitCount, flags: Self.noCopyName | Self.noCopyValue))
    }

    package func append(_ name: StaticString, decimal value: Int) {
        self.reserve(DecimalDigits.bytesMax)
        let length = DecimalDigits.write(value, to: self.bytes + self.byteCount)
        self.note(name, valueLength: length, isSensitive: false)
    }

    /// A name that is known only at run time; it must be lower case. Bytes that no name may have are dropped.
    package func append(name: String, value: String) {
        let nameLength = name.withUTF8Borrowed { bytes in
            self.reserve(bytes.count)
            let start = self.bytes + self.byteCount
            var length = 0
            for byte in bytes {
                // Written in any case, and written over where it does not count: no branch.
                start[length] = byte
                length += byte > 0x20 && byte < 0x7F ? 1 : 0
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

    /// Copies a value behind what is there, without the bytes that no value may have; the result is its length. There
    /// must be room for it.
    @inline(__always)
    private func copy(_ value: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = value.baseAddress else { return 0 }
        let start = self.bytes + self.byteCount
        if Self.copyPlain(base, to: start, value.count) { return value.count }
        return Self.copyAllowed(value, to: start)
    }

    /// Copies what has no byte below 0x20, which is nearly every value; false where there is one.
    ///
    /// Eight at a time: such a byte has its highest bit in the difference and not in itself. Borrows can only make a
    /// byte look like one that is not there, which costs a second look.
    private static func copyPlain(
        _ bytes: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ count: Int
    ) -> Bool {
        let high: UInt64 = 0x8080_8080_8080_8080
        let source = UnsafeRawPointer(bytes)
        let target = UnsafeMutableRawPointer(target)
        var found: UInt64 = 0
        var position = 0
        while position &+ 8 <= count {
            let word = source.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: position, as: UInt64.self)
            found |= (word &- 0x2020_2020_2020_2020) & ~word
            position &+= 8
        }
        while position < count {
            let byte = bytes[position]
            target.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
            if byte < 0x20 { return false }
            position &+= 1
        }
        return found & high == 0
    }

    private static func copyAllowed(
        _ value: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var length = 0
        for byte in value where byte != 0 && byte != 0x0A && byte != 0x0D {
            target[length] = byte
            length += 1
        }
        return length
    }

    /// Makes a field of the `valueLength` bytes that have been written behind what is there.
    @inline(__always)
    private func note(_ name: StaticString, valueLength: Int, isSensitive: Bool) {
        // libnghttp2 takes mutable pointers and does not write through them.
        self.add(
            nghttp2_nv(
                name: UnsafeMutablePointer(mutating: name.utf8Start), value: self.bytes + self.byteCount,
                namelen: name.utf8CodeUnitCount, valuelen: valueLength,
                flags: isSensitive ? Self.noCopyName | Self.noIndex : Self.noCopyName))
        self.byteCount += valueLength
    }

    @inline(__always)
    private func add(_ pair: nghttp2_nv) {
        if self.pairCount == self.pairCapacity { self.growPairs() }
        (self.pairs + self.pairCount).initialize(to: pair)
        self.pairCount &+= 1
    }

    @inline(never)
    private func growPairs() {
        let larger = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: self.pairCapacity * 2)
        larger.moveInitialize(from: self.pairs, count: self.pairCount)
        self.pairs.deallocate()
        self.pairs = larger
        self.pairCapacity *= 2
    }

    @inline(__always)
    private func reserve(_ count: Int) {
        if self.byteCount + count > self.byteCapacity { self.growBytes(for: count) }
    }

    @inline(never)
    private func growBytes(for count: Int) {
        let needed = self.byteCount + count
        var capacity = self.byteCapacity
        while capacity < needed { capacity *= 2 }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: self.bytes, count: self.byteCount)
        // What points into the old bytes points to the same place in the new ones.
        for index in 0..<self.pairCount {
            if self.pairs[index].flags & Self.noCopyValue == 0 {
                self.pairs[index].value = self.pairs[index].value.map { larger + ($0 - self.bytes) }
            }
            guard self.pairs[index].flags & Self.noCopyName == 0 else { continue }
            self.pairs[index].name = self.pairs[index].name.map { larger + ($0 - self.bytes) }
        }
        self.bytes.deallocate()
        self.bytes = larger
        self.byteCapacity = capacity
    }

    /// The fields as libnghttp2 wants them; the pointers are valid within `body` only, and libnghttp2 copies.
    func withPairs<Result>(
        _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
    ) -> Result {
        body(UnsafePointer(self.pairs), self.pairCount)
    }
}

extension String {
    /// `withUTF8` without a copy of the string first, where its bytes are in one piece: always, but for strings that
    /// come from other languages.
    fileprivate func withUTF8Borrowed<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = self.utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = self
        return copy.withUTF8(body)
    }
}
