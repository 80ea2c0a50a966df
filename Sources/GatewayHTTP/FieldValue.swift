/// What all values of fields have in common.
package enum FieldValue {
    /// Without the white space around it (RFC 9110 section 5.5).
    @inlinable
    package static func trimmed(_ value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var (start, end) = (0, value.count)
        while start < end, value[start].isFieldSpace { start &+= 1 }
        while end > start, value[end &- 1].isFieldSpace { end &-= 1 }
        return UnsafeBufferPointer(rebasing: value[start..<end])
    }

    package static func trimmed(_ value: some StringProtocol) -> String {
        var rest = Substring(value).utf8
        guard rest.first?.isFieldSpace == true || rest.last?.isFieldSpace == true else { return String(value) }
        while rest.first?.isFieldSpace == true { rest.removeFirst() }
        while rest.last?.isFieldSpace == true { rest.removeLast() }
        return String(Substring(rest))
    }
}
