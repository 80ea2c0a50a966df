/// Where the fields of a message are written to: one for each version of HTTP.
///
/// Names are lower case. Bytes that no value may have (CR, LF, NUL: RFC 9110 section 5.5) are dropped, so that nothing
/// can be smuggled by a value. Used as a generic parameter, never as a box.
package protocol FieldWriter: AnyObject {
    /// - Parameter isSensitive: the value never comes again, or must not be kept (RFC 7541 section 7.1.3).
    func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, isSensitive: Bool)
    func append(_ name: StaticString, _ value: String, isSensitive: Bool)
    func append(_ name: StaticString, _ value: StaticString)
    func append(_ name: StaticString, decimal value: Int)
    /// A name that is known only at run time. What no name may have is dropped, or the field with it.
    func append(name: String, value: String)
}

extension FieldWriter {
    @inlinable
    package func append(_ name: StaticString, _ value: [UInt8], isSensitive: Bool = false) {
        value.withUnsafeBufferPointer { self.append(name, $0, isSensitive: isSensitive) }
    }
}
