/// A field that tells a vendor which of the gateway's callers asks.
package struct TargetActor: Sendable, Equatable {
    /// In lower case.
    package var header: String
    /// `{caller}` in it stands for the caller's name.
    package var value: String
}

extension TargetActor: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let header = reader.required(
            "header", .actorHeader, "The field's name.", examples: ["x-acting-service"])
        self.value = reader.value(
            "value", .actorValue, default: "{caller}",
            "The field's value; `{caller}` stands for the caller's name under `callers`.",
            examples: ["product-gateway/{caller}"])
        guard let header else { return nil }
        self.header = header.lowercased()
    }
}

extension ValueKind where Value == String {
    /// Fields that say something else, which a vendor would misunderstand.
    private static var takenHeaders: Set<String> {
        [
            "accept", "authorization", "connection", "content-length", "content-type", "cookie", "expect", "host",
            "idempotency-key", "if-match", "if-none-match", "proxy-connection", "te", "trailer", "transfer-encoding",
            "traceparent", "tracestate", "upgrade", "user-agent", "x-request-id",
        ]
    }

    static var actorHeader: ValueKind {
        .text(
            typeName: "field name", expected: "the name of a header field that means nothing else",
            schema: [.init("pattern", "^[A-Za-z0-9-]+$")],
            isValid: { text in
                !text.isEmpty && text.utf8.count <= 64
                    && text.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                            || byte == UInt8(ascii: "-")
                    } && !Self.takenHeaders.contains(text.lowercased())
            })
    }

    static var actorValue: ValueKind {
        .text(
            typeName: "text", expected: "visible characters, with {caller} among them",
            schema: [.init("pattern", "\\{caller\\}")],
            isValid: { text in
                text.contains("{caller}") && text.utf8.count <= 256
                    && text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.first != " " && text.last != " "
            })
    }
}
