package import GatewayJSON

extension CanonicalAnswer {
    /// The media type of a written answer.
    package static let mediaType = "application/json"

    /// The answer as the canonical API gives it:
    /// `{"target","id","product","warnings","requestId","vendor":{"status","requestId"}}`.
    ///
    /// `isMinimal` leaves the product out (RFC 7240, `return=minimal`), and it is left out where there is none.
    ///
    /// - Parameter requestID: visible ASCII, without a quote and without a backslash.
    package func json(target: String, requestID: UnsafeBufferPointer<UInt8>, isMinimal: Bool = false) -> [UInt8] {
        JSONOutput.array(expecting: (isMinimal ? 0 : self.product.count) + 256) { output in
            self.append(to: &output, target: target, requestID: requestID, isMinimal: isMinimal)
            return true
        } ?? []
    }

    /// Writes the answer as one value, for instance as one of several results.
    ///
    /// - Parameter status: as one of several results, what it would be answered with if it were the only one.
    package func write(
        to writer: inout JSONWriter, target: String, status: Int? = nil, requestID: UnsafeBufferPointer<UInt8>,
        isMinimal: Bool = false
    ) {
        writer.value {
            self.append(to: &$0, target: target, status: status, requestID: requestID, isMinimal: isMinimal)
        }
    }

    private func append(
        to output: inout some JSONSink & ~Copyable, target: String, status: Int? = nil,
        requestID: UnsafeBufferPointer<UInt8>, isMinimal: Bool
    ) {
        output.append(literal: "{\"target\":")
        output.append(quoting: target)
        if let status {
            output.append(literal: ",\"status\":")
            output.append(decimal: status)
        }
        output.append(literal: ",\"id\":")
        if let id = self.id { output.append(quoting: id) } else { output.append(literal: "null") }
        if !isMinimal, !self.product.isEmpty {
            output.append(literal: ",\"product\":")
            self.product.withUnsafeBufferPointer { output.append(bytes: $0) }
        }
        self.appendWarnings(to: &output)
        output.append(literal: ",\"requestId\":\"")
        output.append(bytes: requestID)
        output.append(literal: "\",\"vendor\":{\"status\":")
        output.append(decimal: self.vendorStatus)
        if let vendorRequestID = self.vendorRequestID {
            output.append(literal: ",\"requestId\":")
            output.append(quoting: vendorRequestID)
        }
        output.append(literal: "}}")
    }

    private func appendWarnings(to output: inout some JSONSink & ~Copyable) {
        guard !self.warnings.isEmpty else {
            output.append(literal: ",\"warnings\":[]")
            return
        }
        var writer = JSONWriter()
        writer.beginArray()
        for warning in self.warnings { warning.write(to: &writer) }
        writer.endArray()
        output.append(literal: ",\"warnings\":")
        writer.bytes.withUnsafeBufferPointer { output.append(bytes: $0) }
    }
}
