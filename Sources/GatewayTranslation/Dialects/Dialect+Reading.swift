import GatewayJSON

extension Dialect {
    /// The version of the format that this build reads.
    static let formatVersion = 1

    /// Reads and checks an operator's own document. All mistakes at once.
    package init(parsing bytes: [UInt8]) throws(DialectError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw DialectError(mistakes: [
                DialectMistake(path: "$", message: error.explanation, line: error.line, column: error.column)
            ])
        }
        var reader = DialectReader()
        let dialect = Dialect(root: .init(node: document.root, path: "$"), reader: &reader)
        guard let dialect, reader.mistakes.isEmpty else {
            let order = reader.mistakes.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
            throw DialectError(mistakes: order)
        }
        self = dialect
    }

    private init?(root: DialectReader.Place, reader: inout DialectReader) {
        let members = reader.object(
            root,
            knowing: [
                "$schema", "format", "name", "title", "source", "parameters", "operations", "updateSemantics", "read",
                "answer", "fields", "errors",
            ])
        for name in ["format", "name", "title", "operations", "answer", "fields"] where members[name] == nil {
            reader.mistake(root, "the member \"\(name)\" is missing")
        }
        if let format = members["format"], format.node.integer != Self.formatVersion {
            reader.expected("\(Self.formatVersion), the only format this version reads", at: format)
        }
        let name = reader.string(members["name"]) ?? ""
        if let place = members["name"], !Self.isName(name) {
            reader.expected("a name of lower-case letters, digits and hyphens", at: place)
        }
        self.name = name
        self.title = reader.string(members["title"]) ?? name
        self.source = reader.string(members["source"])
        self.parameters = Self.parameters(members["parameters"], &reader)
        self.operations = Self.operations(members["operations"], parameters: self.parameters, &reader)
        self.updateSemantics = reader.choice(members["updateSemantics"], UpdateSemantics.self) ?? .partial
        self.read = Self.read(members["read"], parameters: self.parameters, &reader)
        if self.updateSemantics == .replace, self.read == nil, let place = members["updateSemantics"] {
            reader.mistake(place, "\"replace\" needs the member \"read\", to read what is to be merged")
        }
        self.answer = Self.answer(members["answer"], &reader)
        self.fields = Self.fields(
            members["fields"], operations: self.operations.map(\.kind), parameters: self.parameters, &reader)
        self.errors = Self.errors(members["errors"], &reader)
        Self.checkIDSources(members["operations"], operations: self.operations, fields: self.fields, &reader)
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "-")
            }
    }

    private static func parameters(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [Parameter] {
        reader.entries(place).map { name, value in
            let members = reader.object(value, knowing: ["description", "oneOf"])
            let choices = members["oneOf"].map { reader.strings($0) }
            return Parameter(name: name, description: reader.string(members["description"]), choices: choices)
        }
    }

    private static func operations(
        _ place: DialectReader.Place?, parameters: [Parameter], _ reader: inout DialectReader
    ) -> [Operation] {
        guard let place else { return [] }
        let members = reader.object(place, knowing: ProductOperation.allCases.map(\.rawValue))
        if members.isEmpty { reader.mistake(place, "at least one of \"update\" and \"create\" is needed") }
        return ProductOperation.allCases.compactMap { kind in
            members[kind.rawValue].flatMap { self.operation(kind, $0, parameters: parameters, &reader) }
        }
    }

    private static func operation(
        _ kind: ProductOperation, _ place: DialectReader.Place, parameters: [Parameter],
        _ reader: inout DialectReader
    ) -> Operation? {
        let members = reader.object(place, knowing: ["method", "path", "body", "success", "id"])
        for name in ["method", "path", "body"] where members[name] == nil {
            reader.mistake(place, "the member \"\(name)\" is missing")
        }
        let method = reader.string(members["method"]) ?? "PUT"
        if let place = members["method"], !["PUT", "PATCH", "POST"].contains(method) {
            reader.expected("\"PUT\", \"PATCH\" or \"POST\"", at: place)
        }
        let path = self.path(members["path"], parameters: parameters, &reader)
        if kind == .update, let path, !path.parts.contains(.id), let place = members["path"] {
            reader.mistake(place, "the path of an update must contain {id}")
        }
        if kind == .create, let path, path.parts.contains(.id), let place = members["path"] {
            reader.mistake(place, "the path of a create cannot contain {id}: there is none yet")
        }
        let body = self.body(members["body"], parameters: parameters, &reader)
        let success = reader.elements(members["success"]).compactMap { reader.status($0, in: 200...299) }
        guard let path, let body else { return nil }
        return Operation(
            kind: kind, method: method, path: path, body: body,
            successStatuses: success.isEmpty ? (kind == .update ? [200] : [200, 201]) : success,
            id: self.idSource(members["id"], kind: kind, &reader))
    }

    private static func path(
        _ place: DialectReader.Place?, parameters: [Parameter], _ reader: inout DialectReader
    ) -> PathTemplate? {
        guard let place, let written = reader.string(place) else { return nil }
        guard let path = PathTemplate(written) else {
            reader.expected("a path such as \"/v2/products/{id}\"", at: place)
            return nil
        }
        for case .parameter(let name) in path.parts where !parameters.contains(where: { $0.name == name }) {
            reader.mistake(place, "\"\(name)\" is not among the parameters")
        }
        return path
    }

    private static func body(
        _ place: DialectReader.Place?, parameters: [Parameter], _ reader: inout DialectReader
    ) -> BodyTemplate? {
        guard let place else { return nil }
        do throws(BodyTemplate.Mistake) {
            let body = try BodyTemplate(place.node)
            for name in body.parameters where !parameters.contains(where: { $0.name == name }) {
                reader.mistake(place, "\"\(name)\" is not among the parameters")
            }
            return body
        } catch {
            switch error {
            case .noFields: reader.mistake(place, "the string \"{fields}\" must stand where the fields go")
            case .severalFields: reader.mistake(place, "the string \"{fields}\" must stand only once")
            }
            return nil
        }
    }

    private static func idSource(
        _ place: DialectReader.Place?, kind: ProductOperation, _ reader: inout DialectReader
    ) -> IDSource {
        guard kind == .create else {
            if let place { reader.mistake(place, "an update's id is the one in its path") }
            return .path
        }
        guard let place else { return .answer(["id"]) }
        let members = reader.object(place, knowing: ["field", "answer"])
        if let field = reader.string(members["field"]) { return .field(field) }
        if let answer = reader.pointer(members["answer"]) { return .answer(answer) }
        reader.mistake(place, "expected {\"field\": canonical pointer} or {\"answer\": vendor pointer}")
        return .answer(["id"])
    }

    private static func checkIDSources(
        _ place: DialectReader.Place?, operations: [Operation], fields: [Field], _ reader: inout DialectReader
    ) {
        guard let place else { return }
        for operation in operations {
            guard case .field(let pointer) = operation.id else { continue }
            let isWritten = fields.contains {
                CanonicalProduct.fields[$0.canonical].pointer == pointer
                    && $0.requiredOperations.contains(operation.kind)
            }
            if !isWritten {
                reader.mistake(
                    place, "\(operation.kind.rawValue): the id comes from \(pointer), which is not a required field")
            }
        }
    }

    private static func read(
        _ place: DialectReader.Place?, parameters: [Parameter], _ reader: inout DialectReader
    ) -> Read? {
        guard let place else { return nil }
        let members = reader.object(place, knowing: ["path", "omit"])
        guard let path = self.path(members["path"], parameters: parameters, &reader) else {
            if members["path"] == nil { reader.mistake(place, "the member \"path\" is missing") }
            return nil
        }
        return Read(path: path, omitted: reader.pointers(members["omit"]))
    }

    private static func answer(_ place: DialectReader.Place?, _ reader: inout DialectReader) -> Answer {
        guard let place else { return Answer(fields: [], id: nil, idMatchesPath: false, required: []) }
        let members = reader.object(place, knowing: ["fields", "id", "idMatchesPath", "required"])
        let required = reader.pointers(members["required"])
        if required.isEmpty {
            reader.mistake(
                place, "\"required\" must name at least one member, or any object would pass for a product")
        }
        let id = reader.pointer(members["id"])
        let idMatchesPath = reader.bool(members["idMatchesPath"]) ?? false
        if idMatchesPath, id == nil { reader.mistake(place, "\"idMatchesPath\" needs \"id\"") }
        return Answer(
            fields: reader.pointer(members["fields"]) ?? [], id: id, idMatchesPath: idMatchesPath,
            required: required)
    }
}
