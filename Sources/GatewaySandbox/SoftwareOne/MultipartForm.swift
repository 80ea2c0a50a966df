/// The parts of a `multipart/form-data` body (RFC 7578): as much of it as one JSON part needs.
struct MultipartForm {
    private var parts: [(name: String, content: [UInt8])] = []

    /// Nil when the content type names no boundary or the body does not keep to it.
    init?(_ call: VendorCall) {
        guard let boundary = MultipartForm.boundary(call.headers.first("content-type") ?? "") else { return nil }
        let delimiter = Array("--\(boundary)".utf8)
        guard let first = call.body.firstRange(of: delimiter) else { return nil }
        var rest = call.body[first.upperBound...]
        while let next = rest.firstRange(of: delimiter) {
            self.add(rest[..<next.lowerBound])
            rest = rest[next.upperBound...]
        }
    }

    func part(_ name: String) -> [UInt8]? {
        self.parts.first { $0.name == name }?.content
    }

    private mutating func add(_ section: ArraySlice<UInt8>) {
        guard let headersEnd = section.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let headers = String(decoding: section[..<headersEnd.lowerBound], as: UTF8.self)
        var content = section[headersEnd.upperBound...]
        if content.suffix(2).elementsEqual([13, 10]) { content = content.dropLast(2) }
        for line in headers.split(whereSeparator: \.isNewline)
        where line.lowercased().hasPrefix("content-disposition:") {
            for parameter in line.split(separator: ";") {
                let pair = parameter.split(separator: "=", maxSplits: 1)
                guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "name" else { continue }
                self.parts.append((pair[1].filter { $0 != "\"" && $0 != " " }, Array(content)))
            }
        }
    }

    private static func boundary(_ contentType: String) -> String? {
        for parameter in contentType.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "boundary" {
                let boundary = pair[1].filter { $0 != "\"" && $0 != " " }
                return boundary.isEmpty ? nil : boundary
            }
        }
        return nil
    }
}
