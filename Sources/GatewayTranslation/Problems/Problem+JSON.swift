package import GatewayJSON

extension Problem {
    /// The media type of a written problem.
    package static let mediaType = "application/problem+json"

    /// The problem as an RFC 9457 document.
    package func json(requestID: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512 + self.errors.count * 128)
        self.write(to: &writer, requestID: requestID)
        return writer.bytes
    }

    /// Writes the problem as one value, for instance as one of several results.
    package func write(to writer: inout JSONWriter, requestID: String) {
        let meaning = self.code.meaning
        writer.value { output in
            output.append(literal: "{\"type\":\"/problems/")
            output.append(text: self.code.rawValue)
            output.append(literal: "\",\"title\":")
            output.append(quoting: meaning.title)
            output.append(literal: ",\"status\":")
            output.append(decimal: meaning.status)
            output.append(literal: ",\"detail\":")
            output.append(quoting: self.detail)
            output.append(literal: ",\"code\":\"")
            output.append(text: self.code.rawValue)
            output.append(literal: "\",\"origin\":\"")
            output.append(text: self.origin.rawValue)
            if let target = self.target {
                output.append(literal: "\",\"target\":")
                output.append(quoting: target)
                output.append(literal: ",\"outcome\":\"")
            } else {
                output.append(literal: "\",\"outcome\":\"")
            }
            output.append(text: self.outcome.rawValue)
            output.append(literal: self.isRetryable ? "\",\"retryable\":true" : "\",\"retryable\":false")
            output.append(literal: ",\"requestId\":")
            output.append(quoting: requestID)
            if !self.errors.isEmpty {
                output.append(literal: ",\"errors\":[")
                for (position, error) in self.errors.enumerated() {
                    if position > 0 { output.append(UInt8(ascii: ",")) }
                    error.append(to: &output)
                }
                output.append(UInt8(ascii: "]"))
            }
            if let vendor = self.vendor {
                output.append(literal: ",\"vendor\":")
                vendor.append(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}

extension FieldError {
    fileprivate func append(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        if let pointer = self.pointer {
            output.append(literal: "\"pointer\":")
            output.append(quoting: pointer)
            output.append(UInt8(ascii: ","))
        }
        output.append(literal: "\"code\":")
        output.append(quoting: self.code)
        output.append(literal: ",\"detail\":")
        output.append(quoting: self.detail)
        output.append(UInt8(ascii: "}"))
    }
}

extension Warning {
    /// Writes the warning as one value.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("pointer", self.pointer)
        writer.member("code", self.code.rawValue)
        writer.member("detail", self.detail)
        writer.endObject()
    }
}

extension VendorReport {
    fileprivate func append(to output: inout [UInt8]) {
        let start = output.count
        output.append(UInt8(ascii: "{"))
        if let status = self.status {
            output.append(literal: "\"status\":")
            output.append(decimal: status)
        }
        Self.append("\"bodyStatus\":", self.bodyStatus, from: start, to: &output)
        Self.append("\"code\":", self.code, from: start, to: &output)
        Self.append("\"title\":", self.title, from: start, to: &output)
        Self.append("\"detail\":", self.detail, from: start, to: &output)
        Self.append("\"requestId\":", self.requestID, from: start, to: &output)
        output.append(UInt8(ascii: "}"))
    }

    private static func append(
        _ name: StaticString, _ value: String?, from start: Int, to output: inout [UInt8]
    ) {
        guard let value else { return }
        if output.count > start + 1 { output.append(UInt8(ascii: ",")) }
        output.append(literal: name)
        output.append(quoting: value)
    }
}
