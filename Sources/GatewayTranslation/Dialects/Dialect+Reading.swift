package import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// The version of the format that this build reads.
    static let formatVersion = 1

    /// Reads and checks an operator's own document. All mistakes at once.
    ///
    /// - Parameter origin: where the text was taken from, for the places of mistakes.
    package init(
        parsing text: [UInt8], from origin: DocumentOrigin = DocumentOrigin(file: "dialect")
    ) throws(DialectError) {
        let diagnostics = Diagnostics()
        let root = DocumentText.read(text, from: origin, into: diagnostics)
        let dialect = root.flatMap { $0.object == nil ? nil : $0.readObject { Dialect(reading: $0) } }
        guard let dialect, !diagnostics.hasErrors else {
            throw DialectError(diagnostics: diagnostics.inOrderOfDocument)
        }
        self = dialect
    }

    private init(reading members: ObjectReader) {
        _ = members.optional("$schema")
        _ = members.required("format", expected: "\(Self.formatVersion)")?.integer(
            in: Self.formatVersion...Self.formatVersion,
            expected: "\(Self.formatVersion), the only format this version reads")
        let name = members.required("name", expected: Self.nameWords).flatMap(Self.name) ?? ""
        let title = members.required("title", expected: "the vendor as people call it")?.text()
        let source = members.optional("source")?.text()
        let parameters = members.optional("parameters").map(Self.parameters) ?? []
        let operationsPlace = members.required("operations", expected: Self.operationsWords)
        let operations = operationsPlace.map { Self.operations($0, parameters: parameters) } ?? []
        let updateSemanticsPlace = members.optional("updateSemantics")
        let updateSemantics = updateSemanticsPlace?.choice(UpdateSemantics.self) ?? .partial
        let read = members.optional("read").flatMap { Self.read($0, parameters: parameters) }
        if updateSemantics == .replace, !members.isPresent("read") {
            updateSemanticsPlace?.refuse("\"replace\" needs the member \"read\", to read what is to be merged")
        }
        let answer = members.required("answer", expected: "an object with at least \"required\"").map(Self.answer)
        let fields = members.required("fields", expected: "an object of canonical pointers").map {
            Self.fields($0, operations: operations.map(\.kind), parameters: parameters)
        }
        self.init(
            name: name, title: title ?? name, source: source, parameters: parameters, operations: operations,
            updateSemantics: updateSemantics, read: read,
            answer: answer ?? Answer(fields: [], id: nil, idMatchesPath: false, required: [], failures: []),
            fields: fields ?? [], errors: ErrorRules(reading: members.optional("errors")))
        if let operationsPlace { self.checkIDSources(operationsPlace) }
    }

    private static let nameWords = "a name of lower-case letters, digits and hyphens"

    private static let operationsWords = "an object with \"update\", \"create\" or both"

    private static func name(_ place: Place) -> String? {
        let isName = { (text: String) in
            !text.isEmpty
                && text.utf8.allSatisfy {
                    ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "-")
                }
        }
        if let text = place.node?.string, isName(text) { return text }
        place.refuse(expected: self.nameWords, .string)
        return nil
    }

    private static func parameters(_ place: Place) -> [Parameter] {
        place.entries.map { name, place in
            place.readObject { members in
                Parameter(
                    name: name, description: members.optional("description")?.text(),
                    choices: members.optional("oneOf")?.texts())
            }
        }
    }

    private static func operations(_ place: Place, parameters: [Parameter]) -> [Operation] {
        place.readObject { members in
            let operations = ProductOperation.changes.compactMap { kind in
                members.optional(kind.rawValue).flatMap { self.operation(kind, $0, parameters: parameters) }
            }
            if let node = members.node, node.members.isEmpty {
                place.refuse("at least one of \"update\" and \"create\" is needed")
            }
            return operations
        }
    }

    private static func operation(
        _ kind: ProductOperation, _ place: Place, parameters: [Parameter]
    ) -> Operation? {
        place.readObject { members in
            let method = members.required("method", expected: self.methods.quotedAlternatives)
            if let method, !self.methods.contains(method.node?.string ?? "") { method.refuseChoice(of: self.methods) }
            let pathPlace = members.required("path", expected: self.pathWords)
            let path = pathPlace.flatMap { self.path($0, parameters: parameters) }
            if kind == .update, let path, !path.parts.contains(.id) {
                pathPlace?.refuse("the path of an update must contain {id}")
            }
            if kind == .create, let path, path.parts.contains(.id) {
                pathPlace?.refuse("the path of a create cannot contain {id}: there is none yet")
            }
            let body = members.required("body", expected: "JSON in which the string \"{fields}\" stands once")
                .flatMap { self.body($0, parameters: parameters) }
            let findPlace = members.optional("find")
            if kind == .update { findPlace?.refuse("only a create is looked up; an update names its product") }
            let find = findPlace.flatMap { self.find($0, parameters: parameters) }
            let id = self.idSource(members.optional("id"), kind: kind)
            let success: [Int]
            if case .answer = id {
                success = self.statuses(members.optional("success"), without: "no id of the new product")
            } else {
                success = self.statuses(members.optional("success"))
            }
            let header = members.optional("idempotencyHeader").flatMap(self.fieldName)
            guard let path, let body else { return nil }
            return Operation(
                kind: kind, method: method?.node?.string ?? "PUT", path: path, body: body,
                successStatuses: success.isEmpty ? (kind == .update ? [200] : [200, 201]) : success, id: id,
                find: kind == .create ? find : nil, idempotencyHeader: header)
        }
    }

    /// The name of a header field (RFC 9110 section 5.1), in lower case, as it is sent.
    private static func fieldName(_ place: Place) -> String? {
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

    /// Statuses of success; where something is to be read from the answer, none that comes without a body
    /// (RFC 9110 §15.3.5, §15.3.6).
    private static func statuses(_ place: Place?, without missing: String? = nil) -> [Int] {
        (place?.elements ?? []).compactMap { element in
            let status = element.integer(in: 200...299, expected: "an HTTP status from 200 to 299")
            if let missing, status == 204 || status == 205 {
                element.refuse("an answer with this status has \(missing)")
            }
            return status
        }
    }

    private static let methods = ["PUT", "PATCH", "POST"]
    private static let pathWords = "a path such as \"/v2/products/{id}\""

    private static func path(_ place: Place, parameters: [Parameter]) -> PathTemplate? {
        guard let path = place.node?.string.flatMap({ PathTemplate($0) }) else {
            place.refuse(expected: self.pathWords, .string)
            return nil
        }
        for case .parameter(let name) in path.parts where !parameters.contains(where: { $0.name == name }) {
            place.refuse("\"\(name)\" is not among the parameters")
        }
        return path
    }

    private static func body(_ place: Place, parameters: [Parameter]) -> BodyTemplate? {
        guard let node = place.node else { return nil }
        do throws(BodyTemplate.ReadingError) {
            let body = try BodyTemplate(node)
            for name in body.parameters where !parameters.contains(where: { $0.name == name }) {
                place.refuse("\"\(name)\" is not among the parameters")
            }
            return body
        } catch {
            switch error {
            case .noFields: place.refuse("the string \"{fields}\" must stand where the fields go")
            case .severalFields: place.refuse("the string \"{fields}\" must stand only once")
            }
            return nil
        }
    }

    private static func idSource(_ place: Place?, kind: ProductOperation) -> IDSource {
        guard kind == .create else {
            place?.refuse("an update's id is the one in its path")
            return .path
        }
        guard let place else { return .answer(["id"]) }
        return place.readObject { members in
            members.requireExactlyOne(["field", "answer"])
            if let field = members.optional("field")?.text() { return .field(field) }
            return .answer(members.optional("answer")?.pointer() ?? ["id"])
        }
    }

    private func checkIDSources(_ place: Place) {
        for operation in self.operations {
            guard case .field(let pointer) = operation.id else { continue }
            let isWritten = self.fields.contains {
                CanonicalProduct.fields[$0.canonical].pointer == pointer
                    && $0.requiredOperations.contains(operation.kind)
            }
            if !isWritten {
                place.refuse(
                    "\(operation.kind.rawValue): the id comes from \(pointer), which is not a required field")
            }
        }
    }

    private static func read(_ place: Place, parameters: [Parameter]) -> Read? {
        place.readObject { members in
            let path = members.required("path", expected: self.pathWords)
                .flatMap { self.path($0, parameters: parameters) }
            let success = self.statuses(members.optional("success"), without: "no product")
            let omitted = members.optional("omit")?.pointers() ?? []
            return path.map { Read(path: $0, successStatuses: success.isEmpty ? [200] : success, omitted: omitted) }
        }
    }

    private static func answer(_ place: Place) -> Answer {
        place.readObject { members in
            let fields = members.optional("fields")?.pointer() ?? []
            let id = members.optional("id")?.pointer()
            let matching = members.optional("idMatchesPath")
            let idMatchesPath = matching?.bool() ?? false
            if idMatchesPath, !members.isPresent("id") { matching?.refuse("\"idMatchesPath\" needs \"id\"") }
            let required = members.optional("required")
            let pointers = required?.pointers() ?? []
            if required?.node?.elements.isEmpty ?? true, members.node != nil {
                (required ?? place).refuse(
                    "\"required\" must name at least one member, or any object would pass for a product")
            }
            let failures = (members.optional("failures")?.elements ?? []).compactMap { element -> [String]? in
                let failure = element.pointer()
                // It would make a failure of every success.
                if let failure, (pointers + [fields, id ?? []]).contains(where: { $0.starts(with: failure) }) {
                    element.refuse("a success has this member too")
                }
                return failure
            }
            return Answer(
                fields: fields, id: id, idMatchesPath: idMatchesPath, required: pointers, failures: failures)
        }
    }
}
