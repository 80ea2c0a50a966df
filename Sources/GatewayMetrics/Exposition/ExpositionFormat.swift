/// The two formats that scrapers ask for.
package enum ExpositionFormat: Sendable, Equatable {
    /// Prometheus text format 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// Chooses by `Accept` (RFC 9110 section 12.5.1): OpenMetrics if it is asked for by name, in the version that is
    /// written here, with a weight no lower than that of plain text; otherwise text.
    package static func negotiate(accept: String) -> ExpositionFormat {
        var openMetrics = 0.0
        var text = 0.0
        for range in accept.lowercased().split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingSpaces() }
            var quality = 1.0
            var version = "1.0.0"
            for parameter in parts.dropFirst() {
                if let value = parameter.value(of: "q") { quality = Double(value) ?? 0 }
                if let value = parameter.value(of: "version") { version = String(value) }
            }
            switch parts.first {
            case "application/openmetrics-text" where version == "1.0.0":
                openMetrics = max(openMetrics, quality)
            case "text/plain":
                text = max(text, quality)
            default:
                break
            }
        }
        return openMetrics > 0 && openMetrics >= text ? .openMetrics : .text
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    /// What follows `name=`, without quotes.
    fileprivate func value(of name: String) -> Substring? {
        guard self.hasPrefix(name), self.dropFirst(name.count).first == "=" else { return nil }
        var value = self.dropFirst(name.count + 1)
        if value.first == "\"", value.last == "\"", value.count > 1 { value = value.dropFirst().dropLast() }
        return value
    }
}
