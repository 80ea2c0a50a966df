package import GatewayJSON

extension Problem {
    /// The media type of a written problem.
    package static let mediaType = "application/problem+json"

    /// The problem as an RFC 9457 document.
    package func json(requestID: String) -> [UInt8] {
        JSONOutput.array(expecting: 1024 + self.errors.count * 128) { output in
            self.parts.append(to: &output, requestID: requestID)
            return true
        } ?? []
    }

    /// Writes the problem as one value, for instance as one of several results.
    package func write(to writer: inout JSONWriter, requestID: String) {
        writer.value { self.parts.append(to: &$0, requestID: requestID) }
    }
}

extension Problem.Parts {
    fileprivate func append(to output: inout some JSONSink & ~Copyable, requestID: String) {
        let code = self.code
        if self.hasVendorTitle, let vendor = self.vendor, vendor.said.title.isGiven {
            vendor.said.title.withBytes(of: vendor.words) {
                ProblemDocuments.shared.appendStart(of: code, title: $0, to: &output)
            }
        } else {
            ProblemDocuments.shared.appendStart(of: code, to: &output)
        }
        self.text.append(to: &output)
        ProblemDocuments.shared.appendMiddle(of: code, to: &output)
        switch self.origin {
        case .gateway: output.append(literal: "gateway\"")
        case .vendor: output.append(literal: "vendor\"")
        }
        if let target = self.target {
            output.append(literal: ",\"target\":")
            output.append(quoting: target)
        }
        switch self.verdict.outcome {
        case .notSent: output.append(literal: ",\"outcome\":\"not_sent\"")
        case .rejected: output.append(literal: ",\"outcome\":\"rejected\"")
        case .unknown: output.append(literal: ",\"outcome\":\"unknown\"")
        case .partial: output.append(literal: ",\"outcome\":\"partial\"")
        }
        output.append(literal: self.verdict.isRetryable ? ",\"retryable\":true" : ",\"retryable\":false")
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
        if !self.done.isEmpty {
            output.append(literal: ",\"done\":[")
            for (position, pointer) in self.done.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                output.append(quoting: pointer)
            }
            output.append(UInt8(ascii: "]"))
        }
        if let id = self.productID {
            output.append(literal: ",\"productId\":")
            output.append(quoting: id)
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
        output.append(literal: "\"code\":\"")
        output.append(text: self.code)
        output.append(literal: "\",\"detail\":")
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
