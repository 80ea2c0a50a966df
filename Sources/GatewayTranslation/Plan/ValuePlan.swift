import GatewayJSON

/// A `ValueTemplate` with a target's parameters filled in. Immutable.
indirect enum ValuePlan: Sendable {
    case constant([UInt8])
    case object([Member])
    case array([ValuePlan])
    /// A string with holes for the id and for what was taken from an answer.
    case filled(FilledTemplate)
    case value
    case key
    case locale
    case member([String], ValueTemplate.VendorType?)
    /// A field's value, or an object with several; where, is found out when a plan is compiled.
    case field([String])

    struct Member: Sendable {
        let name: String
        /// With its colon.
        let quoted: [UInt8]
        let value: ValuePlan
    }

    init(_ template: ValueTemplate, _ options: ResolvedOptions) {
        switch template {
        case .constant(let bytes): self = .constant(bytes)
        case .object(let members):
            self = .object(
                members.map { member in
                    var quoted: [UInt8] = []
                    quoted.append(quoting: member.name)
                    return Member(
                        name: member.name, quoted: quoted + [UInt8(ascii: ":")],
                        value: ValuePlan(member.value, options))
                })
        case .array(let elements): self = .array(elements.map { ValuePlan($0, options) })
        case .text(let text):
            let filled = FilledTemplate(FilledTemplate.parts(of: text, options))
            self = text.isSettled ? .constant(Self.json(filled)) : .filled(filled)
        case .value: self = .value
        case .key: self = .key
        case .locale: self = .locale
        case .member(let tokens, let type): self = .member(tokens, type)
        case .field(let tokens): self = .field(tokens.map { options.token($0) })
        }
    }

    /// What tells an element from others: a setting that the target does not have is not asked for; or is a member that
    /// is not there, where its parameter means that.
    init(telling template: ValueTemplate, _ options: ResolvedOptions) {
        switch template {
        case .text(let text) where text.parameters.contains(where: { options.parameters[$0] == nil }):
            self = .constant(Array("null".utf8))
        case .object(let members):
            self = .object(
                members.compactMap { member in
                    if case .text(let text) = member.value,
                        text.parameters.contains(where: { options.parameters[$0] == nil && !options.meansNone($0) })
                    {
                        return nil
                    }
                    var quoted: [UInt8] = []
                    quoted.append(quoting: member.name)
                    return Member(
                        name: member.name, quoted: quoted + [UInt8(ascii: ":")],
                        value: ValuePlan(telling: member.value, options))
                })
        default: self = ValuePlan(template, options)
        }
    }

    private static func json(_ filled: FilledTemplate) -> [UInt8] {
        JSONOutput.array(expecting: 64) { output in
            filled.append(to: &output, quotingID: nil)
            return true
        } ?? []
    }
}
