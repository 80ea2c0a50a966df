import GatewayHTTP

/// What a caller wants to hold before anything is changed: headers that promise safety, and must not be overlooked.
struct RequestConditions: Equatable {
    /// `If-Match` (RFC 9110 section 13.1.1): what the product's version must be.
    private(set) var ifMatch: EntityTagCondition?
    var hasIfNoneMatch = false
    /// `Idempotency-Key`, as the caller wrote it; nil without one.
    private(set) var idempotencyKey: IdempotencyKey?

    var isEmpty: Bool { self.ifMatch == nil && !self.hasIfNoneMatch && self.idempotencyKey == nil }

    /// Takes a line of `Idempotency-Key`; there may be one.
    mutating func takeIdempotencyKey(_ value: UnsafeBufferPointer<UInt8>) {
        self.idempotencyKey = self.idempotencyKey == nil ? IdempotencyKey(value) : .malformed
    }

    /// Takes a line of `If-Match`; several lines are one list (RFC 9110 section 5.3).
    mutating func takeIfMatch(_ value: UnsafeBufferPointer<UInt8>) {
        self.ifMatch = (self.ifMatch ?? EntityTagCondition()).adding(value)
    }
}

/// The list of `If-Match`: any product that exists, or one of some versions.
struct EntityTagCondition: Equatable {
    private(set) var isAny = false
    /// As they were written, quotes included.
    private(set) var tags: [String] = []
    private var hasOther = false

    /// Whether it is no list of entity tags, so that nothing can be held against it.
    var isMalformed: Bool { self.hasOther || self.isAny != self.tags.isEmpty }

    /// A tag may have commas in it: what separates are those between tags.
    fileprivate func adding(_ list: UnsafeBufferPointer<UInt8>) -> EntityTagCondition {
        var condition = self
        var rest = list[...]
        while !rest.isEmpty {
            let end = Self.endOfMember(rest)
            let tag = FieldValue.trimmed(String(decoding: rest[..<end], as: UTF8.self)[...])
            rest = rest[min(end + 1, rest.endIndex)...]
            if tag == "*" {
                condition.isAny = true
            } else if Self.isEntityTag(tag) {
                condition.tags.append(tag)
            } else if !tag.isEmpty {
                condition.hasOther = true
            }
        }
        return condition
    }

    /// The comma behind the first member, or the end.
    private static func endOfMember(_ list: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var isQuoted = false
        return list.firstIndex { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return byte == UInt8(ascii: ",") && !isQuoted
        } ?? list.endIndex
    }

    /// RFC 9110 section 8.8.3.
    private static func isEntityTag(_ text: String) -> Bool {
        let bytes = text.utf8.dropFirst(text.hasPrefix("W/") ? 2 : 0)
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else {
            return false
        }
        return !bytes.dropFirst().dropLast().contains { $0 <= 0x20 || $0 == UInt8(ascii: "\"") || $0 == 0x7F }
    }

    /// Whether a product with this version fulfils it: by the strong comparison (RFC 9110 section 8.8.3.2), for which a
    /// weak tag is like no other.
    func matches(_ entityTag: String) -> Bool {
        self.isAny || (entityTag.hasPrefix("\"") && self.tags.contains(entityTag))
    }
}
