import GatewayJSON

extension ErrorFolder {
    /// The sentence for people: the dialect's, where it can be filled in; else the vendor's; else ours.
    func detail(_ code: ProblemCode, _ text: VendorText, _ reading: ErrorReader) -> ProblemText {
        for template in self.plan.dialect.errors.details where template.code == code {
            if let filled = self.filled(template.template) { return ProblemText(filled) }
        }
        if text.isGiven { return ProblemText(self.plan.errors.speaker, quoting: text, of: reading.words) }
        let title = self.plan.dialect.title
        switch code {
        case .vendorUnintelligible:
            return ProblemText(
                "\(title) answered status \(self.answer.status), which this gateway does not follow or know. "
                    + "The change may or may not have been made.")
        default:
            let said = reading.code.string(of: reading.words).map { ", the code \($0.prefix(64))" } ?? ""
            return ProblemText("\(title) answered status \(self.answer.status)\(said) and said nothing more.")
        }
    }

    /// What a vendor calls a field that is none of the caller's, before what it says of it; nothing where it says the
    /// name itself. More than 128 bytes are no name. The `path` of a whole answer is mostly that of the request.
    func prefix(_ name: UnsafeBufferPointer<UInt8>?, before text: VendorText, _ reading: ErrorReader) -> String {
        guard let name, (1...128).contains(name.count), reading.itemCount > 0 || name[0] != UInt8(ascii: "/") else {
            return ""
        }
        let isSaid = text.withBytes(of: reading.words) { text in
            text.count >= name.count
                && (0...(text.count - name.count)).contains { start in
                    JSONView.areEqual(UnsafeBufferPointer(rebasing: text[start..<(start + name.count)]), name)
                }
        }
        return isSaid ? "" : String(decoding: name, as: UTF8.self) + ": "
    }

    /// Fills `{id}` and `{/pointer}` from what was sent; nil where a value is missing.
    private func filled(_ template: String) -> String? {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            guard let value = self.value(of: String(rest[rest.index(after: open)..<close])) else { return nil }
            result += value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private func value(of name: String) -> String? {
        guard let request = self.request else { return nil }
        if name == "id" { return request.id.map { String(decoding: $0, as: UTF8.self) } }
        guard let tokens = JSONPointer.tokens(name),
            let document = try? JSONDocument(parsing: request.body, limits: self.limits)
        else { return nil }
        let found = document.withView { view in
            view.value(at: tokens).flatMap { view[$0].kind == .string ? view.string(view[$0]) : nil }
        }
        return found ?? nil
    }
}
