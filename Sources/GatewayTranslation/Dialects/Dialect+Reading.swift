package import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// The versions of the format that this build reads. Whatever stands in a document of the first means the same in
    /// the second.
    static let formatVersions = 1...2

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
        _ = members.required("format", expected: "2")?.integer(
            in: Self.formatVersions, expected: "2, or 1, the formats that this version reads")
        let name = members.required("name", expected: Self.nameWords).flatMap(Self.name) ?? ""
        let title = members.required("title", expected: "the vendor as people call it")?.text()
        let source = members.optional("source")?.text()
        let parameters = members.optional("parameters").map(Self.parameters) ?? []
        let operationsPlace = members.required("operations", expected: Self.operationsWords)
        let context = Requests(parameters: parameters)
        let operations = operationsPlace.map { context.operations($0) } ?? []
        let updateSemanticsPlace = members.optional("updateSemantics")
        let updateSemantics = updateSemanticsPlace?.choice(UpdateSemantics.self) ?? .partial
        let read = members.optional("read").flatMap { context.read($0) }
        if updateSemantics == .replace, !members.isPresent("read") {
            updateSemanticsPlace?.refuse("\"replace\" needs the member \"read\", to read what is to be merged")
        }
        let answer = members.required("answer", expected: "an object with at least \"required\"").map(context.answer)
        let fieldsPlace = members.required("fields", expected: "an object of canonical pointers")
        let fields = fieldsPlace.map { Self.fields($0, operations: operations, parameters: parameters) }
        let lists = members.optional("lists").map { Self.lists($0, fields ?? [], parameters) }
        let limits = members.optional("limits").map(Self.limits)
        let errorsPlace = members.optional("errors")
        self.init(
            name: name, title: title ?? name, source: source, parameters: parameters, operations: operations,
            updateSemantics: updateSemantics, read: read,
            answer: answer ?? Answer(),
            fields: fields ?? [], lists: lists ?? [], errors: ErrorRules(reading: errorsPlace),
            limits: limits)
        if let operationsPlace {
            self.checkIDSources(operationsPlace)
            self.checkTaken(operationsPlace)
            self.checkLocales(operationsPlace)
            self.checkActions(operationsPlace)
            self.checkFollowing(operationsPlace)
            self.checkBatches(operationsPlace)
        }
        let names = fieldsPlace?.node?.members.map(\.name) ?? []
        if let errorsPlace { self.checkFieldsOfErrors(errorsPlace, among: names) }
    }

    /// An error is about a field that the vendor has.
    private func checkFieldsOfErrors(_ place: Place, among names: [String]) {
        let named =
            self.errors.codes.compactMap(\.field) + self.errors.itemCodes.compactMap(\.field)
            + self.errors.phrases.compactMap(\.field)
        for pointer in Set(named).sorted().map({ CanonicalProduct.fields[$0].pointer }) where !names.contains(pointer) {
            place.refuse("an error is about \(pointer), which is not among the fields")
        }
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
                let oneOf = members.optional("oneOf")
                let choices = oneOf?.texts()
                if choices?.isEmpty == true { oneOf?.refuse("expected at least one value") }
                let fallback = members.optional("default")
                if let choices, let text = fallback?.node?.string, !choices.contains(text) {
                    fallback?.refuseChoice(of: choices)
                }
                return Parameter(
                    name: name, description: members.optional("description")?.text(), choices: choices,
                    fallback: fallback?.node?.isNull == true ? nil : fallback?.text(),
                    meansNone: fallback?.node?.isNull == true)
            }
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

    /// What is taken from a read needs a read, and a create has nothing to be read yet.
    private func checkTaken(_ place: Place) {
        for operation in self.operations {
            for taken in operation.taken + operation.following.flatMap(\.taken) where taken.answer == .read {
                if operation.kind == .create {
                    guard operation.preparation == nil else { continue }
                    place.refuse(
                        "create: {\(taken.written)} needs the member \"read\" of the create: there is no product yet")
                } else if self.read == nil {
                    place.refuse("update: {\(taken.written)} needs the member \"read\" of the dialect")
                }
            }
            if operation.preparation != nil, !operation.taken.contains(where: { $0.answer == .read }) {
                place.refuse("create: nothing is taken from what is read before it")
            }
            for request in operation.following where request.hasKey {
                place.refuse(
                    "\(operation.kind.rawValue): {idempotencyKey} is the key of the first request: one that follows "
                        + "would be another request under the same key")
            }
            for taken in operation.taken where taken.answer == .previous {
                place.refuse("\(operation.kind.rawValue): {\(taken.written)} stands before any answer")
            }
        }
    }

    /// A field without a place in the body has a request that is about each of its values, or it would be lost.
    private func checkFollowing(_ place: Place) {
        for operation in self.operations {
            self.checkCarried(operation, place)
            for request in operation.following {
                guard case .given(let index, let word) = request.condition else { continue }
                let pointer = CanonicalProduct.fields[index].pointer
                guard let field = self.fields.first(where: { $0.canonical == index }),
                    field.operations.contains(operation.kind)
                else {
                    place.refuse("\(operation.kind.rawValue): \"when\" asks for \(pointer), which it does not take")
                    continue
                }
                if let word, !field.values.isEmpty, !field.values.contains(where: { $0.canonical == word }) {
                    place.refuse(
                        "\(operation.kind.rawValue): \"when\" asks for \(pointer) \"\(word)\", which is never sent")
                }
            }
            for field in self.fields
            where field.operations.contains(operation.kind) && field.vendor.isEmpty && field.fixed == nil
                && field.localized.isEmpty
            {
                let pointer = CanonicalProduct.fields[field.canonical].pointer
                let words: [String?] = field.values.isEmpty ? [nil] : field.values.map(\.canonical)
                for word in words where !Self.isCarried(field.canonical, word, by: operation) {
                    let what = word.map { "\(pointer) \"\($0)\"" } ?? pointer
                    place.refuse(
                        "\(operation.kind.rawValue): no request in \"then\" is about \(what), which would be lost")
                }
            }
        }
    }

    /// A field is carried by one request, and by one that can: what the vendor has is laid below the first alone.
    private func checkCarried(_ operation: Operation, _ place: Place) {
        var carried: Set<Int> = []
        for request in operation.following {
            guard case .fields(let fields) = request.condition else { continue }
            for index in fields {
                let pointer = CanonicalProduct.fields[index].pointer
                if !carried.insert(index).inserted {
                    place.refuse("\(operation.kind.rawValue): two requests carry \(pointer)")
                }
                guard let field = self.fields.first(where: { $0.canonical == index }),
                    field.operations.contains(operation.kind), !field.vendor.isEmpty
                else {
                    place.refuse("\(operation.kind.rawValue): \"for\" asks for \(pointer), which it does not send")
                    continue
                }
                if field.keepsRest || field.identity != nil || field.mapSemantics == .replace
                    || field.vendor.contains(Self.elementStep)
                {
                    place.refuse(
                        "\(operation.kind.rawValue): \(pointer) is laid over what was read, which only the first "
                            + "request can be")
                }
            }
        }
    }

    private static func isCarried(_ field: Int, _ word: String?, by operation: Operation) -> Bool {
        operation.following.contains { request in
            switch request.condition {
            case .always: false
            case .fields(let fields): fields.contains(field)
            case .eachTranslation: CanonicalProduct.fields[field].pointer == "/translations"
            case .given(let given, let givenWord): given == field && (givenWord == nil || givenWord == word)
            }
        }
    }

    /// An action is of a field that the dialect has, and each field that is sent has its action.
    private func checkActions(_ place: Place) {
        for operation in self.operations where operation.body.hasActions {
            let used = operation.actions.flatMap(\.fields)
            let written = self.fields.filter {
                $0.operations.contains(operation.kind) && operation.carrier(of: $0.canonical) == nil
            }.flatMap(\.writtenPlaces)
            for tokens in used where !written.contains(where: { $0.starts(with: tokens) }) {
                let pointer = tokens.map { "/" + $0 }.joined()
                place.refuse("\(operation.kind.rawValue): no field is written to \(pointer), which an action takes")
            }
            for tokens in written where !used.contains(where: { tokens.starts(with: $0) }) {
                let pointer = tokens.map { "/" + $0 }.joined()
                place.refuse("\(operation.kind.rawValue): no action takes \(pointer), so that it would never be sent")
            }
        }
    }
}
