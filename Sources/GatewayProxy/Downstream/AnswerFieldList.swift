import GatewayHTTP2

/// Where the fields of an answer are written to: one for each protocol version.
protocol AnswerFieldList: AnyObject {
    /// - Parameter isSensitive: the value never comes again, or must not be kept (RFC 7541 section 7.1.3).
    func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, isSensitive: Bool)
    func append(_ name: StaticString, _ value: String, isSensitive: Bool)
    func append(_ name: StaticString, _ value: StaticString)
    func append(_ name: StaticString, decimal value: Int)
}

extension AnswerFieldList {
    func append(_ name: StaticString, _ value: [UInt8], isSensitive: Bool) {
        value.withUnsafeBufferPointer { self.append(name, $0, isSensitive: isSensitive) }
    }
}

extension HTTP2FieldList: AnswerFieldList {}
