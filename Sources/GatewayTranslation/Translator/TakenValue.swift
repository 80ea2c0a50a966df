import GatewayJSON

/// Finds in an answer what a later request takes from it.
enum TakenValue {
    /// Longer than any version, tag or token in use; what is beyond would be refused by the vendor's own limits.
    private static let bytesMax = 8192

    /// Nil where the answer has none that could be sent.
    static func find(_ taken: Taken, in answer: VendorAnswer, _ view: JSONView?) -> Fillings.Value? {
        switch taken.place {
        case .pointer(let tokens):
            guard let view, let found = view.value(at: tokens) else { return nil }
            let entry = view[found]
            guard entry.kind != .null, entry.byteCount <= self.bytesMax else { return nil }
            let json = Array(view.raw(entry))
            return Fillings.Value(json: json, text: entry.kind == .string ? view.decoded(entry) : json)
        case .header(let name):
            return answer.header(name).flatMap { self.value($0) }
        case .cookies:
            let cookies = answer.headers.filter { $0.name == "set-cookie" }.map { $0.value.prefix { $0 != ";" } }
            return cookies.isEmpty ? nil : self.value(cookies.joined(separator: "; "))
        }
    }

    private static func value(_ text: String) -> Fillings.Value? {
        guard text.utf8.count <= self.bytesMax else { return nil }
        var json: [UInt8] = []
        json.append(quoting: text)
        return Fillings.Value(json: json, text: Array(text.utf8))
    }
}
