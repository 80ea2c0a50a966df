import GatewayJSON

extension ErrorFolder {
    /// The sentence for people: the dialect's, where it can be filled in; else the vendor's; else ours.
    func detail(_ code: ProblemCode, _ text: VendorText, of words: [UInt8]) -> ProblemText {
        for template in self.plan.dialect.errors.details where template.code == code {
            if let filled = self.filled(template.template) { return ProblemText(filled) }
        }
        if text.isGiven { return ProblemText(self.plan.errors.speaker, quoting: text, of: words) }
        let title = self.plan.dialect.title
        switch code {
        case .vendorUnintelligible:
            return ProblemText(
                "\(title) answered status \(self.answer.status), which this gateway does not follow or know. "
                    + "The change may or may not have been made.")
        default:
            return ProblemText("\(title) answered status \(self.answer.status) and said nothing more.")
        }
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
