extension RecordedExchange {
    /// The exchange for people and tests, with every secret turned into a fingerprint.
    func document() -> SandboxJSON {
        let fault = self.response.fault
        var faultDocument = SandboxObject()
        if fault.act != .answer { faultDocument["act"] = .string(fault.act.rawValue) }
        if fault.delayMilliseconds > 0 {
            faultDocument["delayMilliseconds"] = SandboxJSON(fault.delayMilliseconds)
        }
        return [
            "number": SandboxJSON(self.number),
            "vendor": .string(self.vendor.rawValue),
            "endpoint": .string(self.endpoint.rawValue),
            "connection": self.request.connection.map { SandboxJSON($0) } ?? .null,
            "stream": self.request.stream.map { SandboxJSON($0) } ?? .null,
            "request": .object(
                SandboxObject(
                    [
                        "method": .string(self.request.method), "scheme": .string(self.request.scheme),
                        "authority": .string(self.request.authority), "path": .string(self.request.path),
                        "headers": Self.headers(self.request.headers),
                    ], self.body(self.request.body))),
            "response": .object(
                SandboxObject(
                    [
                        "status": self.isAnswered ? SandboxJSON(self.response.status) : .null,
                        "headers": Self.headers(self.response.headers),
                    ], self.body(self.response.body))),
            "fault": faultDocument.isEmpty ? .null : .object(faultDocument),
            "notes": SandboxJSON(self.notes),
        ]
    }

    private static func headers(_ headers: [SandboxHeader]) -> SandboxJSON {
        .array(
            headers.map { header in
                let value = header.name == "authorization" ? Fingerprint.ofCredential(header.value) : header.value
                return ["name": .string(header.name), "value": .string(value)]
            })
    }

    /// The body as text; bytes that are not UTF-8 also in hexadecimal, so that nothing is lost.
    private func body(_ bytes: [UInt8]) -> [SandboxObject.Member] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return [
                .init(name: "body", value: .string(String(decoding: bytes, as: UTF8.self))),
                .init(name: "bodyHexadecimal", value: .string(Fingerprint.hexadecimal(bytes))),
            ]
        }
        let shown = self.endpoint == .token ? Fingerprint.maskingSecrets(text) : text
        return [.init(name: "body", value: .string(shown))]
    }
}

extension SandboxObject {
    fileprivate init(_ members: KeyValuePairs<String, SandboxJSON>, _ more: [Member] = []) {
        self.init(members.map { Member(name: $0.key, value: $0.value) } + more)
    }
}
