/// Reads `content-type` and `accept` as far as the gateway needs them (RFC 9110 sections 8.3 and 12.5.1).
package enum MediaType {
    /// Whether a body of this type is JSON: `application/json` or `application/merge-patch+json`, in UTF-8 as far as it
    /// says.
    package static func isJSON(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        // The usual values are recognised by their bytes; only others are taken apart.
        if ("application/json" as StaticString).spells(value)
            || ("application/merge-patch+json" as StaticString).spells(value)
        {
            return true
        }
        let parts = String(decoding: value, as: UTF8.self).lowercased()
            .split(separator: ";", omittingEmptySubsequences: false).map { FieldValue.trimmed($0) }
        guard parts.first == "application/json" || parts.first == "application/merge-patch+json" else { return false }
        return parts.dropFirst().allSatisfy { parameter in
            let pair = parameter.split(separator: "=", maxSplits: 1).map { FieldValue.trimmed($0) }
            guard pair.count == 2, pair[0] == "charset" else { return true }
            return ["utf-8", "utf8", "us-ascii"].contains(pair[1].filter { $0 != "\"" })
        }
    }

    /// Whether an answer in JSON will do. An error is answered as a problem document all the same.
    package static func acceptsJSON(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        if ("*/*" as StaticString).spells(value) || ("application/json" as StaticString).spells(value) { return true }
        let text = FieldValue.trimmed(String(decoding: value, as: UTF8.self).lowercased())
        if text.isEmpty { return true }
        // The most specific range that fits decides (RFC 9110 section 12.5.1).
        let specificities = ["*/*", "application/*", "application/json"]
        var best = (specificity: -1, isAccepted: false)
        for range in text.split(separator: ",") {
            let parts = range.split(separator: ";").map { FieldValue.trimmed($0) }
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
}
