import GatewayHTTP

/// How one JSON text is told from the next in a stream of them.
///
/// `application/json-seq` is registered (RFC 7464); the two names of JSON Lines are not, and mean the same.
enum StreamFormat: Equatable, CaseIterable {
    case jsonLines, ndjson, jsonSequence

    var contentType: Answer.ContentType {
        switch self {
        case .jsonLines: .jsonLines
        case .ndjson: .ndjson
        case .jsonSequence: .jsonSequence
        }
    }

    var name: String { "\(self.contentType.text)" }

    /// All of them, for a sentence.
    static let names = Self.allCases.map(\.name).joined(separator: ", ")

    /// What a `content-type` says; nil where it is none of them, or in another encoding than UTF-8.
    init?(contentType: String) {
        let parts = contentType.lowercased().split(separator: ";").map { FieldValue.trimmed($0) }
        guard let format = Self.allCases.first(where: { $0.name == parts.first }) else { return nil }
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            guard ["utf-8", "utf8", "us-ascii"].contains(parameter.dropFirst(8).filter({ $0 != "\"" })) else {
                return nil
            }
        }
        self = format
    }

    /// The first of them that an `accept` names without ruling it out (RFC 9110 section 12.5.1); nil where it names
    /// none.
    init?(accept: String) {
        for range in accept.lowercased().split(separator: ",") {
            let parts = range.split(separator: ";").map { FieldValue.trimmed($0) }
            let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double(String($0.dropFirst(2))) == 0 }
            if !isRefused, let format = Self.allCases.first(where: { $0.name == parts.first }) {
                self = format
                return
            }
        }
        return nil
    }
}
