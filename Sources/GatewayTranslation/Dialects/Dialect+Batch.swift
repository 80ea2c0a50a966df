import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// How lines of a stream travel together: one request with an item for each, and an answer that is taken apart.
    package struct Batch: Sendable {
        package let method: String
        package let path: PathTemplate
        package let headers: [Header]
        package let contentType: String?
        /// One line's part of the body; nil where it is the body of a request of its own.
        package let item: BodyTemplate?
        package let layout: Layout
        package let itemsMax: Int
        package let bytesMax: Int
        package let successStatuses: [Int]
        package let results: Results

        /// How the items stand in the body.
        package enum Layout: Sendable, Equatable {
            /// As a JSON array, in what stands before and behind it.
            case list(before: [UInt8], after: [UInt8])
            /// One JSON text a line.
            case lines
        }

        /// Where in the answer it says what became of each line.
        package struct Results: Sendable {
            package let place: Place
            package let match: Match
            /// Tokens into an item, to its status.
            package let status: [String]?
            /// Tokens into an item, to what a refusal of a request of its own has as its body.
            package let error: [String]?
            /// Tokens to where the item would stand in the answer to a request of its own.
            package let envelope: [String]

            package enum Place: Sendable, Equatable {
                /// Tokens to the array.
                case list([String])
                case lines
            }

            /// What tells whose result an item is.
            package enum Match: Sendable, Equatable {
                case position
                /// Tokens into an item, to the product's id.
                case id([String])
                /// Tokens into an item, to the number of the line, from 1.
                case line([String])
            }
        }

        package var parameters: [String] {
            self.path.parameters + self.headers.flatMap(\.value.parameters) + (self.item?.parameters ?? [])
        }

        /// What is gathered at once holds the event loop for so long: some milliseconds of translation.
        static let itemsPossible = 2...1000
        static let bytesPossible = 1024...(4 << 20)
        /// A hundred products of 5 KiB.
        static let bytesUnlessSaid = 512 << 10
    }
}

extension Dialect.Requests {
    /// Reads the member `batch` of an operation.
    ///
    /// - Parameters:
    ///   - members: of the operation, for what a batch cannot go with.
    ///   - bodyHasID: a request of its own names the product in its body.
    func batch(_ place: Place, of kind: ProductOperation, in members: ObjectReader, bodyHasID: Bool) -> Dialect.Batch? {
        self.checkSurroundings(place, members)
        return place.readObject { batch in
            let method = self.method(batch, among: ["PUT", "PATCH", "POST"])
            let path = batch.required("path", expected: "a path such as \"/v2/products/batch\"").flatMap { place in
                let path = self.path(place, batch)
                if let path, path.hasID || path.hasLocale || path.hasKey || !path.taken.isEmpty {
                    place.refuse(
                        "the path of a batch is about no single product: only {parameter:NAME} can stand in it")
                }
                return path
            }
            let headersPlace = batch.optional("headers")
            let headers = self.headers(headersPlace)
            if headers.contains(where: { !$0.value.isSettled }) {
                headersPlace?.refuse(
                    "a batch is about no single product: only {parameter:NAME} can stand in its fields")
            }
            let contentType = self.contentType(batch)
            let item = self.item(batch, of: kind, in: place, bodyHasID: bodyHasID)
            let layout = batch.required("body", expected: Self.batchBodyWords).flatMap(Self.layout)
            let itemsMax = batch.required("maxItems", expected: "how many lines go together at most")?.integer(
                in: Dialect.Batch.itemsPossible, expected: "a whole number from 2 to 1000")
            let bytesMax = batch.optional("maxBytes")?.integer(
                in: Dialect.Batch.bytesPossible, expected: "a number of bytes from 1024 to 4194304")
            let success = self.statuses(
                batch.optional("success"), without: "nothing that says what became of each line")
            let results = batch.required("results", expected: "an object with \"at\", or with \"lines\"").flatMap {
                self.results($0, of: kind)
            }
            guard let path, let layout, let itemsMax, let results else { return nil }
            return Dialect.Batch(
                method: method, path: path, headers: headers, contentType: contentType, item: item, layout: layout,
                itemsMax: itemsMax, bytesMax: bytesMax ?? Dialect.Batch.bytesUnlessSaid,
                successStatuses: success.isEmpty ? [200] : success, results: results)
        }
    }

    /// What has no meaning for several products at once.
    private func checkSurroundings(_ place: Place, _ members: ObjectReader) {
        for (name, why) in [
            ("then", "lines that take several requests cannot travel together"),
            ("actions", "lines that are lists of actions cannot travel together"),
            ("graphql", "lines that are GraphQL requests cannot travel together"),
            ("idempotencyHeader", "a request has one such field, and a batch has many lines"),
            ("read", "what is read before a create is for one request"),
        ] where members.isPresent(name) {
            place.refuse("\"batch\" and \"\(name)\" exclude each other: \(why)")
        }
        if members.node?["encoding"]?.string == Dialect.Encoding.form.rawValue {
            place.refuse("the items of a batch are JSON, and the \"encoding\" of the operation is \"form\"")
        }
    }

    private func item(
        _ batch: ObjectReader, of kind: ProductOperation, in place: Place, bodyHasID: Bool
    ) -> BodyTemplate? {
        guard let itemPlace = batch.optional("item") else {
            if kind == .update, !bodyHasID {
                place.refuse("an update's \"item\" is needed: its id stands in no path, so it has to stand in the item")
            }
            return nil
        }
        guard kind == .update else {
            itemPlace.refuse("an item of a create is the body of the operation")
            return nil
        }
        let item = self.envelope(itemPlace, needsFields: true)
        guard let item else { return nil }
        if !Self.hasID(item, []) { itemPlace.refuse("the item of an update must contain {id}") }
        if item.hasActions { itemPlace.refuse("\"{actions}\" cannot stand in an item") }
        if item.hasLocale || !item.taken.isEmpty || item.texts.contains(where: \.hasKey) {
            itemPlace.refuse("nothing is read before a batch: only {id} and {parameter:NAME} can stand in an item")
        }
        return item
    }

    static let batchBodyWords = "JSON in which the string \"{items}\" stands once, or \"{lines}\""

    private static func layout(_ place: Place) -> Dialect.Batch.Layout? {
        guard let node = place.node else { return nil }
        if node.string == "{lines}" { return .lines }
        let hole = Array("\"{items}\"".utf8)
        let text = Self.compact(node.rawBytes)
        let starts = text.indices.filter { text[$0...].starts(with: hole) }
        if starts.count == 1, let start = starts.first {
            let (before, after) = (Array(text[..<start]), Array(text[(start + hole.count)...]))
            // In the place of a value, and not of a name.
            if (try? JSONDocument(parsing: before + Array("[]".utf8) + after)) != nil {
                return .list(before: before, after: after)
            }
        }
        place.refuse("expected \(self.batchBodyWords)")
        return nil
    }

    /// A JSON text without the white space between its tokens.
    private static func compact(_ text: some Sequence<UInt8>) -> [UInt8] {
        var (isInString, isEscaped) = (false, false)
        return text.filter { byte in
            guard isInString else {
                isInString = byte == UInt8(ascii: "\"")
                return byte > UInt8(ascii: " ")
            }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return true
        }
    }

    private func results(_ place: Place, of kind: ProductOperation) -> Dialect.Batch.Results? {
        place.readObject { members in
            members.requireExactlyOne(["at", "lines"])
            let at = members.optional("at")?.pointer()
            let linesPlace = members.optional("lines")
            if let linesPlace, linesPlace.bool() == false { linesPlace.refuse("expected true, or \"at\" instead") }
            let idPlace = members.optional("id")
            let id = idPlace?.pointer()
            if kind == .create { idPlace?.refuse("nobody knows the id of a new product before its result") }
            let line = members.optional("line")?.pointer()
            if id != nil, line != nil { place.refuse("\"id\" and \"line\" exclude each other") }
            let status = members.optional("status")?.pointer()
            let error = members.optional("error")?.pointer()
            let envelope = members.optional("as")?.pointer() ?? []
            return Dialect.Batch.Results(
                place: at.map { .list($0) } ?? .lines,
                match: id.map { .id($0) } ?? line.map { .line($0) } ?? .position,
                status: status, error: error, envelope: envelope)
        }
    }
}

extension Dialect {
    /// What is read before it is written goes alone.
    func checkBatches(_ place: Place) {
        for operation in self.operations where operation.batch != nil && operation.kind == .update {
            if self.updateSemantics == .replace {
                place.refuse("update: lines that are read first cannot travel in a \"batch\"")
            }
            if operation.taken.contains(where: { $0.answer == .read }) {
                place.refuse("update: what is taken from a read cannot travel in a \"batch\"")
            }
        }
    }
}

extension Dialect.Operation {
    /// The same operation with another body: an item's.
    func withBody(_ body: BodyTemplate) -> Dialect.Operation {
        Dialect.Operation(
            kind: self.kind, method: self.method, path: self.path, headers: self.headers, encoding: self.encoding,
            contentType: self.contentType, body: body, actions: self.actions, success: self.success,
            partialStatuses: self.partialStatuses, id: self.id, find: self.find,
            idempotencyHeader: self.idempotencyHeader, preparation: self.preparation, following: self.following,
            batch: nil, note: self.note)
    }
}
