import GatewayJSON

/// What a problem's `type` leads to: the page of one code, from the same table as the problems themselves.
package enum ProblemPage {
    /// For people: what it means, who has to act, what to do.
    package static func markdown(_ code: ProblemCode) -> String {
        let meaning = code.meaning
        var lines = [
            "# \(meaning.title)", "", "`\(code.rawValue)`, status \(meaning.status)", "", meaning.meaning, "",
            "**Who has to act:** \(self.actor(meaning.actor))", "", "**What to do:** \(meaning.advice)",
        ]
        if code == .validationFailed || code == .unsupportedField {
            lines += ["", "Codes in `errors[].code`:", ""]
            lines += FieldErrorCode.allCases.map { "- `\($0.rawValue)`: \($0.meaning)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs: the same as one JSON object.
    package static func json(_ code: ProblemCode) -> [UInt8] {
        let meaning = code.meaning
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("code", code.rawValue)
            writer.member("type", code.type)
            writer.member("title", meaning.title)
            writer.member("status", meaning.status)
            writer.member("meaning", meaning.meaning)
            writer.member("actor", meaning.actor.rawValue)
            writer.member("advice", meaning.advice)
        }
        return writer.bytes
    }

    static func actor(_ actor: ProblemCode.Actor) -> String {
        switch actor {
        case .caller: "the caller"
        case .operator: "the gateway's operator"
        case .vendor: "the vendor"
        }
    }
}
