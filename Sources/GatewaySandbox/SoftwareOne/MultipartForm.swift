import Foundation

/// The parts of a `multipart/form-data` body (RFC 7578): as much of it as one JSON part needs.
struct MultipartForm {
    private var parts: [(name: String, content: [UInt8])] = []

    /// Nil when the content type names no boundary or the body does not keep to it.
    init?(_ call: VendorCall) {
        guard let boundary = MultipartForm.boundary(call.headers.first("content-type") ?? "") else { return nil }
        let body = Data(call.body)
        let delimiter = Data("--\(boundary)".utf8)
        guard var current = body.range(of: delimiter) else { return nil }
        while let next = body.range(of: delimiter, in: current.upperBound..<body.endIndex) {
            self.add(body[current.upperBound..<next.lowerBound])
            current = next
        }
    }

    func part(_ name: String) -> [UInt8]? {
        self.parts.first { $0.name == name }?.content
    }

    private mutating func add(_ section: Data) {
        guard let headersEnd = section.range(of: Data("\r\n\r\n".utf8)) else { return }
        let headers = String(decoding: section[section.startIndex..<headersEnd.lowerBound], as: UTF8.self)
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
