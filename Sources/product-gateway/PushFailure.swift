import GatewayJSON

/// A line's result as a sentence for people.
enum PushFailure {
    /// `line 12 (EXT-1): validation_failed: One value must be corrected. /name: must be text`
    static func sentence(_ result: [UInt8]) -> String {
        let tape = JSONTape()
        return result.withUnsafeBufferPointer { bytes in
            guard let view = try? tape.parse(bytes, limits: JSONLimits(bytesMax: 8 << 20, depthMax: 64)) else {
                return String(decoding: bytes, as: UTF8.self)
            }
            func text(_ name: StaticString, of index: Int = 0) -> String? {
                guard let value = view.member(name, of: index) else { return nil }
                return view[value].kind == .string
                    ? view.string(view[value]) : String(decoding: view.raw(view[value]), as: UTF8.self)
            }
            var sentence = "line \(text("line") ?? "?")"
            if let id = text("id") { sentence += " (\(id.abridgedForTerminal))" }
            sentence += ": \(text("code") ?? text("outcome") ?? "?"): \((text("detail") ?? "").abridgedForTerminal)"
            if let errors = view.member("errors", of: 0), view[errors].kind == .array {
                var item = errors + 1
                var count = 0
                while item < view.next(after: errors), count < 3 {
                    let place = text("pointer", of: item) ?? ""
                    let detail = (text("detail", of: item) ?? "").abridgedForTerminal
                    sentence += place.isEmpty ? " \(detail)" : " \(place): \(detail)"
                    item = view.next(after: item)
                    count += 1
                }
            }
            return sentence
        }
    }
}

extension String {
    /// On one line, without what would move the cursor, and no longer than anybody reads.
    fileprivate var abridgedForTerminal: String {
        let visible = self.unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value)
        }
        return String(String.UnicodeScalarView(visible.prefix(200)))
    }
}
