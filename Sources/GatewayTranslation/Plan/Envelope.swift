import GatewayHTTP
import GatewayJSON

/// What stands around the fields of a body, compiled.
struct Envelope {
    let before: FilledTemplate
    let after: FilledTemplate
    let layout: OperationPlan.BodyLayout
    /// Of a form: the names around the fields, such as `product`.
    let prefix: [String]

    init(_ body: BodyTemplate, encoding: Dialect.Encoding, _ options: ResolvedOptions) {
        var before: [FilledTemplate.Part] = []
        var after: [FilledTemplate.Part] = []
        var isBehindFields = false
        var layout = OperationPlan.BodyLayout.object
        for part in body.parts {
            var filled: [FilledTemplate.Part] = []
            switch part {
            case .json(let bytes): filled = [.bytes(bytes)]
            case .text(let text): filled = FilledTemplate.parts(of: text, options)
            case .fields: isBehindFields = true
            case .members:
                isBehindFields = true
                layout = .members
            case .actions:
                isBehindFields = true
                layout = .actions
            }
            if isBehindFields { after += filled } else { before += filled }
        }
        self.before = FilledTemplate(before)
        self.after = FilledTemplate(after)
        self.layout = encoding == .form ? .form : layout
        self.prefix = body.fieldsPath
    }

    /// Whether a form has anything beside the fields.
    var isBare: Bool { self.before.constantCount == 0 && self.after.constantCount == 0 }
}
