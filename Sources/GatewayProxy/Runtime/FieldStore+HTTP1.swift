import GatewayHTTP
import NIOHTTP1

extension FieldStore {
    /// Delivers those fields of a message in HTTP/1.1 that the gateway acts on.
    ///
    /// - Parameters:
    ///   - method: of a request; stands before the fields, as in HTTP/2.
    ///   - wanted: names, in lower case, that are delivered with their names, also those without a meaning here.
    ///   - options: fields that end here, in lower case (RFC 9110 section 7.6.1).
    /// - Returns: nil where there is no room for them.
    func deliver<Result>(
        _ headers: HTTPHeaders, method: String? = nil, naming wanted: [String] = [], without options: Set<String> = [],
        _ body: (ReceivedFields) -> Result
    ) -> Result? {
        self.beginDelivery()
        defer { self.endDelivery() }
        let start = self.entryCount
        if let method, !self.append(.method, method) { return nil }
        for (name, value) in headers {
            var text = name
            let known = text.withUTF8 { FieldName.known(inAnyCase: $0) }
            if !wanted.isEmpty, let name = wanted.first(where: { $0 == name.lowercased() }) {
                guard self.append(known, value, named: name) else { return nil }
                continue
            }
            guard known != .other, options.isEmpty || !options.contains(name.lowercased()) else { continue }
            guard self.append(known, value) else { return nil }
        }
        return body(ReceivedFields(store: self, entries: start..<self.entryCount))
    }

    private func append(_ name: FieldName, _ value: String, named text: String = "") -> Bool {
        var (value, text) = (value, text)
        // The decoder leaves the white space behind a value.
        return value.withUTF8 { value in
            text.withUTF8 { self.append(name, name: $0, value: FieldValue.trimmed(value)) }
        }
    }
}
