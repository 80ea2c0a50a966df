internal import CNghttp2

/// The fields of a header section to send, built field by field; make one and use it again and again.
///
/// Names are lower case and mostly static, values are copied in. Confined to one event loop. Values must not hold CR, LF
/// or NUL (RFC 9113 section 8.2.1); `append` drops those bytes, so that nothing can be smuggled by a value.
package final class HTTP2FieldList {
    private struct Entry {
        /// `nil`: the name stands in front of the value.
        let name: StaticString?
        let nameLength: Int
        let start: Int
        let length: Int
        let isSensitive: Bool
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    private var pairs: [nghttp2_nv] = []

    package init() {}

    package func removeAll() {
        self.bytes.removeAll(keepingCapacity: true)
        self.entries.removeAll(keepingCapacity: true)
    }

    /// - Parameter isSensitive: keeps the value out of HPACK's table on both sides (RFC 7541 section 7.1.3): for
    ///   secrets, and for values that never come again.
    package func append(
        _ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, isSensitive: Bool = false
    ) {
        let start = self.bytes.count
        self.appendValue(value)
        self.note(name, from: start, isSensitive: isSensitive)
    }

    package func append(_ name: StaticString, _ value: [UInt8], isSensitive: Bool = false) {
        value.withUnsafeBufferPointer { self.append(name, $0, isSensitive: isSensitive) }
    }

    package func append(_ name: StaticString, _ value: String, isSensitive: Bool = false) {
        var value = value
        value.withUTF8 { self.append(name, $0, isSensitive: isSensitive) }
    }

    package func append(_ name: StaticString, _ value: StaticString) {
        let start = self.bytes.count
        self.bytes.append(
            contentsOf: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        self.note(name, from: start, isSensitive: false)
    }

    package func append(_ name: StaticString, decimal value: Int) {
        let start = self.bytes.count
        self.bytes.append(contentsOf: String(value).utf8)
        self.note(name, from: start, isSensitive: false)
    }

    /// Nearly no value has a byte to drop: looking is cheaper than copying byte by byte.
    private func appendValue(_ value: UnsafeBufferPointer<UInt8>) {
        if value.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) {
            for byte in value where byte != 0 && byte != 0x0A && byte != 0x0D {
                self.bytes.append(byte)
            }
        } else {
            self.bytes.append(contentsOf: value)
        }
    }

    /// A name that is known only at run time; it must be lower case. Bytes that no name may have are dropped.
    package func append(name: String, value: String) {
        let nameStart = self.bytes.count
        for byte in name.utf8 where byte > 0x20 && byte < 0x7F { self.bytes.append(byte) }
        let start = self.bytes.count
        var value = value
        value.withUTF8 { self.appendValue($0) }
        self.entries.append(
            Entry(
                name: nil, nameLength: start - nameStart, start: start,
                length: self.bytes.count - start, isSensitive: false))
    }

    private func note(_ name: StaticString, from start: Int, isSensitive: Bool) {
        self.entries.append(
            Entry(
                name: name, nameLength: name.utf8CodeUnitCount, start: start,
                length: self.bytes.count - start, isSensitive: isSensitive))
    }

    /// The fields as libnghttp2 wants them; the pointers are valid within `body` only, and libnghttp2 copies.
    func withPairs<Result>(
        _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
    ) -> Result {
        self.bytes.withUnsafeMutableBufferPointer { bytes in
            self.pairs.removeAll(keepingCapacity: true)
            for entry in self.entries {
                let value = bytes.baseAddress.map { $0 + entry.start }
                var flags = entry.isSensitive ? NGHTTP2_NV_FLAG_NO_INDEX.rawValue : 0
                var name = value.map { $0 - entry.nameLength }
                if let known = entry.name {
                    // libnghttp2 takes mutable pointers and does not write through them.
                    name = UnsafeMutablePointer(mutating: known.utf8Start)
                    flags |= NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue
                }
                self.pairs.append(
                    nghttp2_nv(
                        name: name, value: value, namelen: entry.nameLength,
                        valuelen: entry.length, flags: UInt8(truncatingIfNeeded: flags)))
            }
            return self.pairs.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
        }
    }
}
