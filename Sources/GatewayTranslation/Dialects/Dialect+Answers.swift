import GatewayDocuments
import GatewayJSON

extension Dialect.Requests {
    func answer(_ place: Place) -> Dialect.Answer {
        place.readObject { members in
            let fields = members.optional("fields")?.pointer() ?? []
            let id = members.optional("id")?.pointer()
            let form = members.optional("idForm").flatMap { self.idForm($0) }
            let matching = members.optional("idMatchesPath")
            let idMatchesPath = matching?.bool() ?? false
            if idMatchesPath, !members.isPresent("id") { matching?.refuse("\"idMatchesPath\" needs \"id\"") }
            let required = members.optional("required")
            let pointers = required?.pointers() ?? []
            if pointers.allSatisfy(\.isEmpty), members.node != nil {
                (required ?? place).refuse(
                    "\"required\" must name at least one member, or any object would pass for a product")
            }
            let product = pointers + [fields, id ?? []]
            let failures = (members.optional("failures")?.elements ?? []).compactMap {
                self.failure($0, product: product)
            }
            return Dialect.Answer(
                fields: fields, id: id, idMatchesPath: idMatchesPath, required: pointers, failures: failures,
                idForm: form, hasProduct: members.optional("product")?.bool() ?? true)
        }
    }

    /// A text with the id in it.
    func idForm(_ place: Place) -> TextTemplate? {
        guard let text = self.text(place) else { return nil }
        if text.parts.count(where: { $0 == .id(.plain) }) != 1 || !text.taken.isEmpty || text.hasLocale {
            place.refuse("expected a text with one {id} in it, such as \"gid://shop/Product/{id}\"")
        }
        return text
    }

    func failure(_ place: Place, product: [[String]] = []) -> Dialect.Failure? {
        var refusesWithout: [String]?
        var nullIsAbsent = true
        var values: [[UInt8]]?
        var refuses = false
        let tokens: [String]?
        if place.node?.kind == .object {
            tokens = place.readObject { members in
                let words = ["refusesWithout", "refusesIfAbsent", "refuses"].filter { members.isPresent($0) }
                if words.count > 1 { place.refuse("\(words.joined(separator: " and ")) exclude each other") }
                if words.isEmpty, !members.isPresent("equals") {
                    place.refuse("expected \"equals\", or what makes it a refusal; a pointer alone is a text")
                }
                values = members.optional("equals").map { equals in
                    if equals.elements.isEmpty { equals.refuse("expected at least one value") }
                    return equals.elements.compactMap { $0.node.map { Array($0.rawBytes) } }
                }
                refuses = members.optional("refuses")?.bool() ?? false
                nullIsAbsent = !members.isPresent("refusesIfAbsent")
                refusesWithout =
                    members.optional("refusesWithout")?.pointer() ?? members.optional("refusesIfAbsent")?.pointer()
                members.declare("refusesIfAbsent")
                return members.required("at", expected: "a JSON Pointer")?.pointer()
            }
        } else {
            tokens = place.pointer()
        }
        guard let tokens else { return nil }
        // It would make a failure of every success.
        if values == nil, product.contains(where: { $0.starts(with: tokens) }) {
            place.refuse("a success has this member too")
        }
        return Dialect.Failure(
            tokens: tokens, values: values, refuses: refuses, refusesWithout: refusesWithout, nullIsAbsent: nullIsAbsent
        )
    }
}

extension Dialect.Answer {
    /// An answer of which only what tells of a failure is read.
    init(failures: [Dialect.Failure]) {
        self.init(
            fields: [], id: nil, idMatchesPath: false, required: [], failures: failures, idForm: nil, hasProduct: false)
    }

    /// The whole answer, of which nothing is known.
    init() {
        self.init(fields: [], id: nil, idMatchesPath: false, required: [], failures: [], idForm: nil, hasProduct: true)
    }
}
