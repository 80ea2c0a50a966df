import GatewayHTTP2

/// Reads `content-type` and `accept` as far as the gateway needs them (RFC 9110 sections 8.3 and 12.5.1).
enum MediaType {
    /// The usual values are recognised by their bytes; only others are taken apart.
    static func bodyType(_ value: UnsafeBufferPointer<UInt8>) -> RequestHead.BodyType {
        if ("application/json" as StaticString).spells(value)
            || ("application/merge-patch+json" as StaticString).spells(value)
        {
            return .json
        }
        let text = String(decoding: value, as: UTF8.self)
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        let type = parts.first?.lowercased() ?? ""
        guard type == "application/json" || type == "application/merge-patch+json" else {
            return .other(text)
        }
        for parameter in parts.dropFirst() {
            let pair = parameter.lowercased().split(separator: "=", maxSplits: 1).map(trimmed)
            if pair.first == "charset", pair.count == 2 {
                let charset = pair[1].filter { $0 != "\"" }
                guard charset == "utf-8" || charset == "utf8" || charset == "us-ascii" else {
                    return .other(text)
                }
            }
        }
        return .json
    }

    /// Whether an answer in JSON will do. An error is answered as a problem document all the same.
    static func acceptsJSON(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        if ("*/*" as StaticString).spells(value) || ("application/json" as StaticString).spells(value) { return true }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        if trimmed(Substring(text)).isEmpty { return true }
        // The most specific range that fits decides (RFC 9110 section 12.5.1).
        let specificities = ["*/*", "application/*", "application/json"]
        var best = (specificity: -1, isAccepted: false)
        for range in text.split(separator: ",") {
            let parts = range.split(separator: ";").map(trimmed)
            guard let specificity = specificities.firstIndex(of: parts.first ?? ""),
                specificity > best.specificity
            else { continue }
            let isRefused = parts.dropFirst().contains { parameter in
                parameter.hasPrefix("q=") && Double(String(parameter.dropFirst(2))) == 0
            }
            best = (specificity, !isRefused)
        }
        return best.isAccepted
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
