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
        writer.beginObject()
        writer.member("type", self.code.type)
        writer.member("title", self.code.title)
        writer.member("status", self.status)
        writer.member("detail", self.detail)
        writer.member("code", self.code.rawValue)
        writer.member("origin", self.origin.rawValue)
        if let target = self.target { writer.member("target", target) }
        writer.member("outcome", self.outcome.rawValue)
        writer.member("retryable", self.isRetryable)
        writer.member("requestId", requestID)
        if !self.errors.isEmpty {
            writer.name("errors")
            writer.beginArray()
            for error in self.errors { error.write(to: &writer) }
            writer.endArray()
        }
        if let vendor = self.vendor {
            writer.name("vendor")
            vendor.write(to: &writer)
        }
        writer.endObject()
    }
}

extension FieldError {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if let pointer = self.pointer { writer.member("pointer", pointer) }
        writer.member("code", self.code)
        writer.member("detail", self.detail)
        writer.endObject()
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
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if let status = self.status { writer.member("status", status) }
        if let bodyStatus = self.bodyStatus { writer.member("bodyStatus", bodyStatus) }
        if let code = self.code { writer.member("code", code) }
        if let title = self.title { writer.member("title", title) }
        if let detail = self.detail { writer.member("detail", detail) }
        if let requestID = self.requestID { writer.member("requestId", requestID) }
        writer.endObject()
    }
}
