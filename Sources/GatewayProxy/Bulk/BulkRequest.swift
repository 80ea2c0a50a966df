import GatewayJSON
import GatewayTranslation

/// What a line asks for: `{"id", "product", "op"?, "target"?, "key"?}`.
struct BulkRequest: Equatable {
    var id: [UInt8]?
    var operation: ProductOperation = .update
    /// The caller's document as it stands in the line.
    var product: [UInt8] = []
    /// Which of the stream's targets, by their places among them; all where the line names none.
    var targets: [Int] = []
    /// The line's own idempotency key.
    var key: [UInt8]?

    /// Why a line cannot be taken.
    struct Refusal: Error, Equatable {
        let problem: Problem
        /// What could be read of its id, so that the caller recognises it.
        let id: [UInt8]?
    }

    private static let members = ["id", "product", "op", "target", "key"]

    /// Reads a line, or says everything that is wrong with it.
    ///
    /// - Parameter targets: the names of the stream's targets, which a line can choose among.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, tape: JSONTape, limits: JSONLimits, targets: [String]
    ) throws(Refusal) -> BulkRequest {
        let view: JSONView
        do throws(JSONError) {
            view = try tape.parse(text, limits: limits)
        } catch {
            throw Refusal(problem: self.problem(of: error), id: nil)
        }
        guard view[0].kind == .object else {
            throw Refusal(
                problem: Problem(
                    .invalidRequest, detail: "A line must be a JSON object; this one is \(view[0].kind.noun)."),
                id: nil)
        }
        var request = BulkRequest()
        var errors: [FieldError] = []
        var hasProduct = false
        var child = 1
        while child < view.count {
            let (name, value) = (view[child], child + 1)
            if view.decodedContent(name, is: "product") {
                hasProduct = true
                if view[value].kind == .object {
                    request.product = Array(view.raw(value))
                } else {
                    errors.append(.wrongType("/product", "a JSON object", view[value].kind))
                }
            } else {
                request.take(view, name: name, value: value, targets: targets, errors: &errors)
            }
            child = view.next(after: value)
        }
        if !hasProduct {
            errors.append(
                FieldError(pointer: "/product", code: .required, detail: "a line has the product to be written"))
        }
        request.checkID(&errors, isMissing: view.member("id", of: 0) == nil)
        guard errors.isEmpty else {
            throw Refusal(
                problem: Problem(
                    .validationFailed, detail: "The line cannot be taken as it is; nothing was sent.", errors: errors),
                id: request.id)
        }
        return request
    }

    private mutating func take(
        _ view: JSONView, name: JSONEntry, value: Int, targets: [String], errors: inout [FieldError]
    ) {
        let kind = view[value].kind
        func text(_ pointer: String) -> String? {
            guard kind == .string else {
                errors.append(.wrongType(pointer, "text", kind))
                return nil
            }
            return view.string(view[value])
        }
        if view.decodedContent(name, is: "id") {
            if kind == .string {
                self.id = view.decoded(view[value])
            } else {
                errors.append(.wrongType("/id", "text", kind))
            }
        } else if view.decodedContent(name, is: "op") {
            switch text("/op") {
            case "update": self.operation = .update
            case "create": self.operation = .create
            case let other?:
                errors.append(
                    FieldError(
                        pointer: "/op", code: .notAllowed,
                        detail: "must be \"update\" or \"create\", not \"\(other.abridged)\""))
            case nil: break
            }
        } else if view.decodedContent(name, is: "target") {
            if let names = text("/target") { self.take(names, of: targets, errors: &errors) }
        } else if view.decodedContent(name, is: "key") {
            guard let text = text("/key") else { return }
            if case .key(let key) = Array(text.utf8).withUnsafeBufferPointer({ IdempotencyKey($0) }) {
                self.key = key
            } else {
                errors.append(
                    FieldError(
                        pointer: "/key", code: .invalid,
                        detail: "must be 1 to \(IdempotencyKey.lengthMax) visible ASCII characters"))
            }
        } else if errors.count < 100 {
            let name = view.string(name)
            errors.append(
                FieldError(
                    pointer: "/" + JSONPointer.escape(name.abridged), code: .unknownMember,
                    detail: "a line has \(Self.members.joined(separator: ", "))"))
        }
    }

    /// One target, or several with commas between; each must be one of the stream's, which is what was asked for when
    /// it was let in.
    private mutating func take(_ names: String, of targets: [String], errors: inout [FieldError]) {
        for name in names.split(separator: ",", omittingEmptySubsequences: false) {
            if let place = targets.firstIndex(where: { $0 == name }), !self.targets.contains(place) {
                self.targets.append(place)
            } else {
                errors.append(
                    FieldError(
                        pointer: "/target", code: .notAllowed,
                        detail: "must be one of the stream's targets (\(targets.joined(separator: ", "))), once; "
                            + "\"\(String(name).abridged)\" is not"))
                return
            }
        }
    }

    private func checkID(_ errors: inout [FieldError], isMissing: @autoclosure () -> Bool) {
        switch (self.operation, self.id) {
        case (.create, nil): break
        case (.create, _?):
            errors.append(
                FieldError(pointer: "/id", code: .notAllowed, detail: "a create has none: the vendor gives it"))
        case (_, nil):
            guard isMissing() else { return }
            errors.append(FieldError(pointer: "/id", code: .required, detail: "an update has the id of its product"))
        case (_, let id?):
            guard let mistake = ProductID.mistake(in: id) else { return }
            errors.append(FieldError(pointer: "/id", code: .invalid, detail: "the product id \(mistake)"))
        }
    }

    private static func problem(of error: JSONError) -> Problem {
        Problem(
            .malformedJSON, detail: "The line is not valid JSON: \(error.description).",
            errors: error.pointer.map {
                [FieldError(pointer: $0, code: .duplicateMember, detail: "the member occurs twice")]
            } ?? [])
    }
}

extension FieldError {
    fileprivate static func wrongType(_ pointer: String, _ wanted: String, _ found: JSONKind) -> FieldError {
        FieldError(pointer: pointer, code: .wrongType, detail: "must be \(wanted), not \(found.noun)")
    }
}

extension JSONView {
    fileprivate func decodedContent(_ entry: JSONEntry, is name: StaticString) -> Bool {
        name.withUTF8Buffer { self.decodedContent(entry, equals: $0) }
    }

    /// The bytes of the value at `index` with all that it contains, as they stand in the text.
    fileprivate func raw(_ index: Int) -> UnsafeBufferPointer<UInt8> { self.raw(self[index]) }
}
