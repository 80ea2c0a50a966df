import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// Reads what a dialect says of requests and answers.
    struct Requests {
        let parameters: [Parameter]

        func operations(_ place: Place) -> [Operation] {
            place.readObject { members in
                let operations = ProductOperation.changes.compactMap { kind in
                    members.optional(kind.rawValue).flatMap { self.operation(kind, $0) }
                }
                if let node = members.node, node.members.isEmpty {
                    place.refuse("at least one of \"update\" and \"create\" is needed")
                }
                return operations
            }
        }

        func operation(_ kind: ProductOperation, _ place: Place) -> Operation? {
            place.readObject { members in
                let method = self.method(members, among: ["PUT", "PATCH", "POST"])
                let pathPlace = members.required("path", expected: Self.pathWords)
                let path = pathPlace.flatMap { self.path($0, members) }
                if kind == .create, let path, path.hasID {
                    pathPlace?.refuse("the path of a create cannot contain {id}: there is none yet")
                }
                if let path, path.hasLocale { pathPlace?.refuse("{locale} is known only in \"then\"") }
                let bodyPlace = self.bodyPlace(members)
                let body = bodyPlace.flatMap { self.body($0.place, isGraphQL: $0.isGraphQL) }
                let actions = members.optional("actions").map(self.actions) ?? []
                if let body, body.hasActions != members.isPresent("actions") {
                    place.refuse("\"{actions}\" in the body and the member \"actions\" need each other")
                }
                if kind == .update, let path, let body, !path.hasID, !Self.hasID(body, actions) {
                    pathPlace?.refuse("the path of an update must contain {id}, or its body")
                }
                let id = self.idSource(
                    kind == .create
                        ? members.required("id", expected: "where the id of the new product comes from")
                        : members.optional("id"), kind: kind)
                let success = self.successes(members.optional("success"), of: kind, id: id)
                let partial = (members.optional("partial")?.elements ?? []).compactMap {
                    self.partialStatus($0, beside: success)
                }
                let headers = self.headers(members.optional("headers"))
                let findPlace = members.optional("find")
                if kind == .update { findPlace?.refuse("only a create is looked up; an update names its product") }
                let find = findPlace.flatMap { Dialect.find($0, parameters: self.parameters) }
                let following = members.optional("then").map { self.following($0) } ?? []
                let encoding = members.optional("encoding")?.choice(Dialect.Encoding.self) ?? .json
                let contentType = self.contentType(members)
                let preparation = members.optional("read").flatMap { self.preparation($0, of: kind) }
                let keyHeader = members.optional("idempotencyHeader").flatMap(Self.fieldName)
                let batchPlace = members.optional("batch")
                let batch = batchPlace.flatMap {
                    self.batch($0, of: kind, in: members, bodyHasID: body.map { Self.hasID($0, actions) } ?? false)
                }
                if kind == .create, case .header = id, batch != nil {
                    place.refuse("an item of a batch has no header fields, from which \"id\" is to be taken")
                }
                guard let path, let body else { return nil }
                let operation = Operation(
                    kind: kind, method: method, path: path, headers: headers, encoding: encoding,
                    contentType: contentType, body: body, actions: actions, success: success,
                    partialStatuses: partial, id: id, find: kind == .create ? find : nil,
                    idempotencyHeader: keyHeader, preparation: preparation, following: following, batch: batch,
                    note: members.optional("note")?.text())
                if batch != nil, operation.writesKey {
                    batchPlace?.refuse(
                        "\"batch\" and {idempotencyKey} exclude each other: the key is one request's, and a batch has "
                            + "many lines")
                }
                return operation
            }
        }

        /// The name of a header field (RFC 9110 section 5.1), in lower case, as it is sent.
        static func fieldName(_ place: Place) -> String? {
            guard let name = place.node?.string, (1...64).contains(name.utf8.count),
                name.utf8.allSatisfy({ byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                })
            else {
                place.refuse(expected: "a header field's name in lower case, such as \"idempotency-key\"", .string)
                return nil
            }
            return name
        }

        static func hasID(_ body: BodyTemplate, _ actions: [ValueTemplate]) -> Bool {
            body.parts.contains { if case .text(let text) = $0 { text.hasID } else { false } }
                || actions.contains { $0.texts.contains(where: \.hasID) }
        }

        func method(_ members: ObjectReader, among methods: [String]) -> String {
            let place = members.required("method", expected: methods.quotedAlternatives)
            guard let place else { return methods[0] }
            guard let method = place.node?.string, methods.contains(method) else {
                place.refuseChoice(of: methods)
                return methods[0]
            }
            return method
        }

        static let pathWords = "a path such as \"/v2/products/{id}\""

        /// The path with the query that stands beside it.
        func path(_ place: Place, _ members: ObjectReader) -> PathTemplate? {
            let query = (members.optional("query")?.entries ?? []).compactMap { name, value in
                self.text(value).map { (name: name, value: $0) }
            }
            guard let path = place.node?.string.flatMap({ PathTemplate($0) }) else {
                if let text = place.node?.string, text.hasPrefix("/"), case .unknownHole(let name)? = Self.error(text) {
                    place.refuse("\"{\(name)}\" is no hole: there are \(TextTemplate.holes)")
                } else {
                    place.refuse(expected: Self.pathWords, .string)
                }
                return nil
            }
            self.check(path.text.parameters, place)
            return query.isEmpty ? path : path.asking(query)
        }

        static func error(_ text: String) -> TextTemplate.ReadingError? {
            do throws(TextTemplate.ReadingError) {
                _ = try TextTemplate(text)
                return nil
            } catch {
                return error
            }
        }

        func check(_ names: [String], _ place: Place) {
            for name in names where !self.parameters.contains(where: { $0.name == name }) {
                place.refuse("\"\(name)\" is not among the parameters")
            }
        }

        /// A text with holes.
        func text(_ place: Place) -> TextTemplate? {
            guard let text = place.text() else { return nil }
            do throws(TextTemplate.ReadingError) {
                let template = try TextTemplate(text)
                self.check(template.parameters, place)
                return template
            } catch {
                switch error {
                case .unknownHole(let name): place.refuse("\"{\(name)}\" is no hole: there are \(TextTemplate.holes)")
                }
                return nil
            }
        }

        func headers(_ place: Place?) -> [Header] {
            (place?.entries ?? []).compactMap { name, value in
                let lowered = name.lowercased()
                let isName = !name.isEmpty && lowered.utf8.allSatisfy(Self.isTokenByte)
                if !isName { value.refuse("\"\(name)\" is no name of a header field") }
                if Self.ownHeaders.contains(lowered) { value.refuse("the gateway writes \"\(lowered)\" itself") }
                if lowered == "content-type" { value.refuse("\"contentType\", beside \"headers\", says it") }
                guard let text = self.text(value) else { return nil }
                if text.parts.contains(where: {
                    if case .text(let text) = $0 { !Self.isFieldText(text) } else { false }
                }) {
                    value.refuse("expected visible ASCII characters")
                }
                return isName ? Header(name: lowered, value: text) : nil
            }
        }

        /// What the connection needs and the credentials are (RFC 9110 §7.6.1, §10.1.1).
        private static let ownHeaders = [
            "content-length", "host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "te",
            "trailer", "upgrade", "expect", "authorization",
        ]

        func contentType(_ members: ObjectReader) -> String? {
            guard let place = members.optional("contentType"), let text = place.text() else { return nil }
            if !Self.isFieldText(text) { place.refuse("expected visible ASCII characters") }
            return text
        }

        static func isTokenByte(_ byte: UInt8) -> Bool {
            (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }

        static func isFieldText(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

        // MARK: Bodies

        func bodyPlace(_ members: ObjectReader) -> (place: Place, isGraphQL: Bool)? {
            if let graphQL = members.optional("graphql") {
                members.optional("body")?.refuse("\"graphql\" is the body")
                return (graphQL, true)
            }
            return members.required(
                "body", expected: "JSON in which the string \"{fields}\" stands once, or \"graphql\""
            ).map { ($0, false) }
        }

        func body(_ place: Place, isGraphQL: Bool, needsFields: Bool = true) -> BodyTemplate? {
            isGraphQL ? self.graphQL(place, needsFields: needsFields) : self.envelope(place, needsFields: needsFields)
        }

        func envelope(_ place: Place, needsFields: Bool) -> BodyTemplate? {
            guard let node = place.node else { return nil }
            do throws(BodyTemplate.ReadingError) {
                let body = try BodyTemplate(node, needsFields: needsFields)
                self.check(body.parameters, place)
                return body
            } catch {
                switch error {
                case .noFields: place.refuse("the string \"{fields}\" must stand where the fields go")
                case .severalFields: place.refuse("the string \"{fields}\" must stand only once")
                case .unknownHole(let name):
                    place.refuse("\"{\(name)}\" is no hole: there are {fields}, {actions}, \(TextTemplate.holes)")
                case .membersNotLast:
                    place.refuse("\"...\": \"{fields}\" must be the last of several members")
                }
                return nil
            }
        }

        /// A GraphQL request: the document as it is, and variables with the fields in them (GraphQL over HTTP §5).
        func graphQL(_ place: Place, needsFields: Bool) -> BodyTemplate? {
            place.readObject { members in
                let document = members.required("document", expected: "a GraphQL document")?.text()
                let variables = members.required("variables", expected: "an object with the fields in it")
                guard let document, let variables,
                    let inner = self.envelope(variables, needsFields: needsFields)
                else { return nil }
                var before = Array("{\"query\":".utf8)
                before.append(quoting: document)
                before += Array(",\"variables\":".utf8)
                return BodyTemplate(
                    parts: [.json(before)] + inner.parts + [.json([UInt8(ascii: "}")])],
                    fieldsPath: ["variables"] + inner.fieldsPath)
            }
        }

        func actions(_ place: Place) -> [ValueTemplate] {
            if place.node?.kind == .array, place.elements.isEmpty { place.refuse("expected at least one action") }
            return place.elements.compactMap { element in
                guard let template = self.template(element, for: .action) else { return nil }
                if template.fields.isEmpty { element.refuse("no field stands in it, such as \"{/name}\"") }
                return template
            }
        }

        func template(_ place: Place, for use: ValueTemplate.Use) -> ValueTemplate? {
            guard let node = place.node else { return nil }
            do throws(ValueTemplate.ReadingError) {
                let template = try ValueTemplate(node, for: use)
                self.check(template.parameters, place)
                return template
            } catch {
                switch error {
                case .unknownHole(let name, let known): place.refuse("\"\(name)\" is no hole: there are \(known)")
                }
                return nil
            }
        }
    }
}
