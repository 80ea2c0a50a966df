package import GatewayJSON

extension CanonicalAnswer {
    /// The media type of a written answer.
    package static let mediaType = "application/json"

    /// The answer as the canonical API gives it:
    /// `{"target","id","product","warnings","requestId","vendor":{"status","requestId"}}`.
    ///
    /// `isMinimal` leaves the product out (RFC 7240, `return=minimal`).
    package func json(target: String, requestID: String, isMinimal: Bool = false) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: (isMinimal ? 0 : self.product.count) + 256)
        self.write(to: &writer, target: target, requestID: requestID, isMinimal: isMinimal)
        return writer.bytes
    }

    /// Writes the answer as one value, for instance as one of several results.
    package func write(
        to writer: inout JSONWriter, target: String, requestID: String, isMinimal: Bool = false
    ) {
        writer.beginObject()
        writer.member("target", target)
        writer.name("id")
        if let id = self.id { writer.quoted(id) } else { writer.null() }
        if !isMinimal { writer.member("product", raw: self.product) }
        writer.name("warnings")
        writer.beginArray()
        for warning in self.warnings { warning.write(to: &writer) }
        writer.endArray()
        writer.member("requestId", requestID)
        writer.name("vendor")
        writer.beginObject()
        writer.member("status", self.vendorStatus)
        if let vendorRequestID = self.vendorRequestID { writer.member("requestId", vendorRequestID) }
        writer.endObject()
        writer.endObject()
    }
}
