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
        self.ifMatch = (self.ifMatch ?? EntityTagCondition()).adding(String(decoding: value, as: UTF8.self))
    }
}

/// The list of `If-Match`: any product that exists, or one of some versions.
struct EntityTagCondition: Equatable {
    private(set) var isAny = false
    /// As they were written, quotes included.
    private(set) var tags: [String] = []

    fileprivate func adding(_ list: String) -> EntityTagCondition {
        var condition = self
        for part in list.split(separator: ",") {
            let tag = FieldValue.trimmed(part)
            if tag == "*" { condition.isAny = true } else { condition.tags.append(tag) }
        }
        return condition
    }

    /// Whether a product with this version fulfils it: by the strong comparison (RFC 9110 section 8.8.3.2), for which a
    /// weak tag is like no other.
    func matches(_ entityTag: String) -> Bool {
        self.isAny || (entityTag.hasPrefix("\"") && self.tags.contains(entityTag))
    }
}
