import GatewayDocuments
import GatewayJSON

extension Dialect.Requests {
    func following(_ place: Place) -> [Dialect.FollowingRequest] {
        if place.elements.count > Self.followingMax {
            place.refuse("at most \(Self.followingMax) requests can follow, so that as many are left for translations")
        }
        return place.elements.compactMap { element in
            element.readObject { members in
                let method = self.method(members, among: ["PUT", "PATCH", "POST", "DELETE"])
                let path = members.required("path", expected: Self.pathWords).flatMap { self.path($0, members) }
                let condition = self.condition(members)
                let isEach = condition == .eachTranslation
                var carriesFields = isEach
                if case .fields = condition { carriesFields = true }
                if let path, path.hasLocale, !isEach {
                    element.refuse("{locale} needs \"for\": \"/translations\"")
                }
                let body: BodyTemplate? =
                    members.isPresent("body") || members.isPresent("graphql")
                    ? self.bodyPlace(members).flatMap {
                        self.body($0.place, isGraphQL: $0.isGraphQL, needsFields: carriesFields)
                    } : nil
                if isEach, body == nil { element.refuse("a request for each translation needs a \"body\"") }
                if carriesFields, !isEach, body == nil { element.refuse("a request with fields needs a \"body\"") }
                if body?.hasActions == true { element.refuse("only the first request can be a list of actions") }
                if !carriesFields, body?.hasFields == true {
                    element.refuse("the fields are sent by the first request: here only constants and ids can stand")
                }
                let success = self.statuses(members.optional("success"))
                let failures = (members.optional("failures")?.elements ?? []).compactMap { self.failure($0) }
                if members.isPresent("graphql"), failures.isEmpty {
                    element.refuse(
                        "GraphQL tells of a failure in an answer with a status of success: \"failures\" is missing, "
                            + "such as [\"/errors\"]")
                }
                let headers = self.headers(members.optional("headers"))
                let encoding = members.optional("encoding")?.choice(Dialect.Encoding.self) ?? .json
                let contentType = self.contentType(members)
                return path.map {
                    Dialect.FollowingRequest(
                        condition: condition, method: method, path: $0, headers: headers, encoding: encoding,
                        contentType: contentType, body: body,
                        successStatuses: success.isEmpty ? [200, 201, 202, 204] : success, failures: failures)
                }
            }
        }
    }

    /// Half of what one change may send.
    static let followingMax = Dialect.FollowingRequest.countMax / 2

    func condition(_ members: ObjectReader) -> Dialect.FollowingRequest.Condition {
        if let each = members.optional("for") {
            members.optional("when")?.refuse("\"for\" and \"when\" exclude each other")
            if each.node?.kind == .array { return .fields(self.carried(each)) }
            if each.node?.string == "/translations" { return .eachTranslation }
            let text = each.node?.string ?? ""
            each.refuse(
                expected: "\"/translations\", or a list of canonical pointers such as [\"/price/amount\"]", .string,
                hint: Suggestion.closest(to: text, among: ["/translations"]).map { "did you mean \"\($0)\"?" } ?? "")
            return CanonicalProduct.index(of: text).map { .fields([$0]) } ?? .eachTranslation
        }
        guard let when = members.optional("when") else { return .always }
        var found: Dialect.FollowingRequest.Condition?
        for (pointer, value) in when.entries {
            guard let index = CanonicalProduct.index(of: pointer) else {
                value.refuse("\"\(pointer)\" is not a canonical pointer")
                continue
            }
            if found != nil { value.refuse("expected one field only") }
            let word = value.node?.isNull == true ? nil : value.text()
            let choices = CanonicalProduct.fields[index].shape.choices
            if let word, let choices, !choices.contains(word) { value.refuseChoice(of: choices) }
            found = .given(field: index, word: word)
        }
        if found == nil { when.refuse("expected a canonical pointer and its value, or null for any") }
        return found ?? .always
    }

    /// The fields that a request carries in the place of the first one.
    private func carried(_ place: Place) -> [Int] {
        if place.elements.isEmpty { place.refuse("expected at least one canonical pointer") }
        return place.elements.compactMap { element in
            guard let index = element.text().flatMap({ CanonicalProduct.index(of: $0) }) else {
                element.refuse("expected a canonical pointer, such as \"/price/amount\"")
                return nil
            }
            if CanonicalProduct.fields[index].pointer == "/translations" {
                element.refuse("\"for\": \"/translations\" sends one request for each of them")
            }
            return index
        }
    }

    // MARK: Success

    func idSource(_ place: Place?, kind: ProductOperation) -> Dialect.IDSource {
        guard kind == .create, let place else {
            if kind == .update { place?.refuse("an update's id is the one in its path") }
            return kind == .update ? .path : .answer(["id"])
        }
        return place.readObject { members in
            let names = ["field", "answer", "header"]
            let present = names.filter { members.isPresent($0) }
            if present.count > 1 || (present.isEmpty && members.node?.members.isEmpty == true) {
                place.refuse("expected exactly one of field, answer and header")
            }
            let field = members.optional("field")?.text()
            let header = members.optional("header")?.text()
            let answer = members.optional("answer")?.pointer()
            if let field { return .field(field) }
            if let header { return .header(header.lowercased()) }
            return .answer(answer ?? ["id"])
        }
    }

    func successes(_ place: Place?, of kind: ProductOperation, id: Dialect.IDSource) -> [Dialect.Success] {
        if let place, place.node?.kind == .array, place.elements.isEmpty {
            place.refuse("expected at least one status, or no \"success\" at all")
        }
        var successes: [Dialect.Success] = (place?.elements ?? []).compactMap { self.success($0, id: id) }
        if successes.isEmpty {
            successes = (kind == .update ? [200] : [200, 201]).map {
                Dialect.Success(status: $0, content: .product, creates: false)
            }
        }
        return successes
    }

    func success(_ place: Place, id: Dialect.IDSource) -> Dialect.Success? {
        if place.node?.kind == .object {
            return place.readObject { members in
                let status = self.status(members.required("status", expected: "an HTTP status from 200 to 299"))
                let creates = members.optional("creates")?.bool() ?? false
                guard let answer = members.optional("answer") else {
                    return status.map { Dialect.Success(status: $0, content: .product, creates: creates) }
                }
                if answer.node?.string == "none" {
                    if case .answer = id { answer.refuse("a create's id is in its answer: nothing would tell it") }
                    return status.map { Dialect.Success(status: $0, content: .nothing, creates: creates) }
                }
                let shape = self.answer(answer)
                return status.map { Dialect.Success(status: $0, content: .shape(shape), creates: creates) }
            }
        }
        guard let status = self.status(place) else { return nil }
        if case .answer = id, status == 204 || status == 205 {
            place.refuse("an answer with this status has no id of the new product")
        }
        return Dialect.Success(status: status, content: .product, creates: false)
    }

    /// A status cannot say both that all was done and that some was not.
    func partialStatus(_ place: Place, beside successes: [Dialect.Success]) -> Int? {
        let status = self.status(place)
        if let status, successes.contains(where: { $0.status == status }) {
            place.refuse("\(status) is among \"success\", too: a status says one or the other")
        }
        return status
    }

    func status(_ place: Place?) -> Int? {
        place?.integer(in: 200...299, expected: "an HTTP status from 200 to 299")
    }

    /// Statuses of success; where something is to be read from the answer, none that comes without a body
    /// (RFC 9110 §15.3.5, §15.3.6).
    func statuses(_ place: Place?, without missing: String? = nil) -> [Int] {
        if let place, place.node?.kind == .array, place.elements.isEmpty {
            place.refuse("expected at least one status, or no \"success\" at all")
        }
        return (place?.elements ?? []).compactMap { element in
            let status = self.status(element)
            if let missing, status == 204 || status == 205 {
                element.refuse("an answer with this status has \(missing)")
            }
            return status
        }
    }

    func read(_ place: Place) -> Dialect.Read? {
        place.readObject { members in
            let path = members.required("path", expected: Self.pathWords).flatMap { self.path($0, members) }
            let success = self.statuses(members.optional("success"), without: "no product")
            let omitted = members.optional("omit")?.pointers() ?? []
            let headers = self.headers(members.optional("headers"))
            let stale = members.optional("stale").map(self.stale) ?? (statuses: [], codes: [])
            let weak = members.optional("weakETags")?.bool() ?? false
            let hasBody = members.isPresent("body") || members.isPresent("graphql")
            let body =
                hasBody
                ? self.bodyPlace(members).flatMap { self.body($0.place, isGraphQL: $0.isGraphQL, needsFields: false) }
                : nil
            if body?.hasFields == true { place.refuse("a read sends no fields") }
            let answer = members.optional("answer").map(self.answer)
            return path.map {
                Dialect.Read(
                    method: hasBody ? "POST" : "GET", path: $0, headers: headers, body: body,
                    successStatuses: success.isEmpty ? [200] : success,
                    staleStatuses: stale.statuses.isEmpty && stale.codes.isEmpty ? [412] : stale.statuses,
                    staleCodes: stale.codes, sendsWeakTags: weak, answer: answer, omitted: omitted)
            }
        }
    }

    /// What is asked before a create, which has nothing of its own to be read yet.
    func preparation(_ place: Place, of kind: ProductOperation) -> Dialect.Read? {
        if kind == .update { place.refuse("\"read\" beside \"operations\" is what goes before an update") }
        return place.readObject { members in
            let path = members.required("path", expected: "a path such as \"/\"").flatMap { self.path($0, members) }
            if path?.hasID == true { place.refuse("{id} is not known before a create") }
            let success = self.statuses(members.optional("success"))
            let headers = self.headers(members.optional("headers"))
            return path.map {
                Dialect.Read(
                    method: "GET", path: $0, headers: headers, body: nil,
                    successStatuses: success.isEmpty ? [200, 204] : success, staleStatuses: [], staleCodes: [],
                    sendsWeakTags: false, answer: nil, omitted: [])
            }
        }
    }

    /// What tells that the product has changed since it was read: statuses, and codes of the vendor's.
    private func stale(_ place: Place) -> (statuses: [Int], codes: [String]) {
        var stale: (statuses: [Int], codes: [String]) = ([], [])
        for element in place.elements {
            if let code = element.node?.string, !code.isEmpty {
                stale.codes.append(code)
            } else if let status = element.integer(
                in: 400...499, expected: "an HTTP status from 400 to 499, or a code of the vendor's as a text")
            {
                stale.statuses.append(status)
            }
        }
        return stale
    }
}
