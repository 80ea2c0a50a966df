package import GatewayJSON

extension Problem {
    /// The media type of a written problem.
    package static let mediaType = "application/problem+json"

    /// The problem as an RFC 9457 document.
    package func json(requestID: String) -> [UInt8] {
        JSONOutput.array(expecting: 1024 + self.errors.count * 128) { output in
            self.append(to: &output, requestID: requestID)
            return true
        } ?? []
    }

    /// Writes the problem as one value, for instance as one of several results.
    package func write(to writer: inout JSONWriter, requestID: String) {
        writer.value { self.append(to: &$0, requestID: requestID) }
    }

    private func append(to output: inout some JSONSink & ~Copyable, requestID: String) {
        let meaning = self.code.meaning
        output.append(literal: "{\"type\":\"/problems/")
        output.append(text: self.code.rawValue)
        output.append(literal: "\",\"title\":")
        if self.hasVendorTitle, let vendor = self.vendor, vendor.said.title.isGiven {
            vendor.said.title.withBytes(of: vendor.words) { output.append(quoting: $0) }
        } else {
            output.append(quoting: meaning.title)
        }
        output.append(literal: ",\"status\":")
        output.append(decimal: meaning.status)
        output.append(literal: ",\"detail\":")
        self.text.append(to: &output)
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

extension FieldError {
    fileprivate func append(to output: inout some JSONSink & ~Copyable) {
        output.append(UInt8(ascii: "{"))
        if let pointer = self.pointer {
            output.append(literal: "\"pointer\":")
            output.append(quoting: pointer)
            output.append(UInt8(ascii: ","))
        }
        output.append(literal: "\"code\":")
        output.append(quoting: self.code)
        output.append(literal: ",\"detail\":")
        self.text.append(to: &output)
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
    fileprivate func append(to output: inout some JSONSink & ~Copyable) {
        output.append(UInt8(ascii: "{"))
        let start = output.count
        if let status = self.status {
            output.append(literal: "\"status\":")
            output.append(decimal: status)
        }
        self.append("\"bodyStatus\":", self.said.bodyStatus, behind: start, to: &output)
        self.append("\"code\":", self.said.code, behind: start, to: &output)
        self.append("\"title\":", self.said.title, behind: start, to: &output)
        self.append("\"detail\":", self.said.detail, behind: start, to: &output)
        if let requestID = self.requestID {
            if output.count > start { output.append(UInt8(ascii: ",")) }
            output.append(literal: "\"requestId\":")
            output.append(quoting: requestID)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func append(
        _ name: StaticString, _ text: VendorText, behind start: Int, to output: inout some JSONSink & ~Copyable
    ) {
        guard text.isGiven else { return }
        if output.count > start { output.append(UInt8(ascii: ",")) }
        output.append(literal: name)
        text.withBytes(of: self.words) { output.append(quoting: $0) }
    }
}
