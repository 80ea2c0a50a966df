import GatewayDocuments
import GatewayJSON

extension TranslationRun {
    /// A top-level member that is not a field by itself.
    @inline(never)
    mutating func other(_ place: Int, name: Int, _ checker: inout ShapeChecker) {
        let value = name + 1
        switch place {
        case CanonicalNames.vendorFields: self.vendorFields(at: value)
        case CanonicalNames.ids: self.ids(at: value)
        case CanonicalNames.firstContainer...:
            self.container(CanonicalNames.containers[place - CanonicalNames.firstContainer], at: value, &checker)
        default: self.unknown(name, among: CanonicalNames.topLevelNames, in: "")
        }
    }

    private mutating func container(
        _ container: CanonicalNames.Container, at value: Int, _ checker: inout ShapeChecker
    ) {
        switch self.view[value].kind {
        case .object:
            let end = self.view.next(after: value)
            var index = value + 1
            while index < end {
                let field = container.names.view.value(of: index, in: self.view)
                if field >= 0 {
                    self.nestedLeaf(field, index + 1, &checker)
                } else {
                    self.unknown(index, among: container.memberNames, in: "/" + container.name)
                }
                index = self.view.next(after: index + 1)
            }
        case .null:
            // Clears all that is inside, as far as the target knows it. What is the same for all its products is
            // nothing of one product's, unless there is nothing else.
            let sent = container.leaves.filter { self.operation.rows[$0].state == .sent }
            let own = sent.filter { !self.isFixed(self.operation.rows[$0]) }
            let known = own.isEmpty ? sent : own
            if known.isEmpty, let first = container.leaves.first {
                self.errors.unsupported("/" + container.name, .unsupportedField, self.operation.reasons[first])
            }
            for field in known { self.nestedLeaf(field, value, &checker) }
        default:
            self.errors.mistake(
                "/" + container.name, .wrongType, "expected an object, found \(self.view[value].kind.noun)")
        }
    }

    private func isFixed(_ row: FieldRow) -> Bool {
        row.form >= 0 && row.clear.isEmpty && self.operation.forms[Int(row.form)].fixed != nil
    }

    /// What is in the members is the vendor's business; only names and types are checked.
    private mutating func vendorFields(at value: Int) {
        guard self.isMap(value, pointer: "/vendorFields", of: [.object], noun: "an object") else { return }
        self.refuseUnknownNames(in: value, known: self.plan.options.dialectNames, noun: "dialect")
        var name = self.plan.dialect.name
        guard let own = name.withUTF8({ self.view.member($0, of: value) }) else { return }
        if self.view[own].kind == .object, self.view.next(after: own) > own + 1 { self.vendorFields = own }
    }

    private mutating func ids(at value: Int) {
        guard self.isMap(value, pointer: "/ids", of: [.string], noun: "a string") else { return }
        // A misspelt target's id must not leave the path's id to that target: another product would be changed.
        self.refuseUnknownNames(in: value, known: self.plan.options.targetNames, noun: "target")
        var name = self.plan.targetName
        self.bodyID = name.withUTF8 { self.view.member($0, of: value) }
    }

    private mutating func refuseUnknownNames(in value: Int, known: [String], noun: String) {
        guard !known.isEmpty else { return }
        let view = self.view
        let end = view.next(after: value)
        var index = value + 1
        while index < end {
            let name = view.string(view[index])
            if !known.contains(name) {
                let near = Suggestion.closest(to: name, among: known).map { "; did you mean \($0)?" }
                self.errors.mistake(
                    view.pointer(to: index + 1), .unknownMember,
                    "there is no \(noun) of this name" + (near ?? ""))
            }
            index = view.next(after: index + 1)
        }
    }

    private mutating func isMap(_ value: Int, pointer: String, of kinds: [JSONKind], noun: String) -> Bool {
        guard self.view[value].kind == .object else {
            self.errors.mistake(pointer, .wrongType, "expected an object, found \(self.view[value].kind.noun)")
            return false
        }
        var isRight = true
        let end = self.view.next(after: value)
        var index = value + 1
        while index < end {
            if !kinds.contains(self.view[index + 1].kind) {
                self.errors.mistake(
                    self.view.pointer(to: index + 1), .wrongType,
                    "expected \(noun), found \(self.view[index + 1].kind.noun)")
                isRight = false
            }
            index = self.view.next(after: index + 1)
        }
        return isRight
    }

    private mutating func unknown(_ name: Int, among known: [String], in pointer: String) {
        let view = self.view
        let plan = self.plan
        self.errors.mistake(
            view.pointer(to: name + 1), .unknownMember,
            Self.unknownDetail(view.string(view[name]), among: known, in: pointer, plan))
    }

    private static func unknownDetail(
        _ written: String, among known: [String], in pointer: String, _ plan: TargetPlan
    ) -> String {
        let place = pointer.isEmpty ? "product" : String(pointer.dropFirst())
        let sentence = "the canonical \(place) has no such member"
        if let near = Suggestion.closest(to: written, among: known) { return sentence + "; did you mean \(near)?" }
        guard pointer.isEmpty, let own = plan.fieldPlaces.canonicalName(ofVendorField: written) else { return sentence }
        return sentence + "; \(plan.dialect.title)'s \(written.prefix(64)) is called \(own) here"
    }

    /// Reports what the vendor takes only together with something that is not given.
    @inline(never)
    private mutating func checkCompanions() {
        for pair in self.operation.companions
        where self.seenMask & 1 << UInt64(pair.field) != 0 && self.seenMask & 1 << UInt64(pair.needed) == 0 {
            let pointer = CanonicalProduct.fields[pair.field].pointer
            self.errors.mistake(
                CanonicalProduct.fields[pair.needed].pointer, .required,
                "\(self.plan.dialect.title) takes \(pointer) only together with this field")
        }
    }

    /// Adds defaults, and reports what is missing.
    mutating func fillIn() {
        var defaults = self.operation.defaultMask & ~self.seenMask
        while defaults != 0 {
            let field = defaults.trailingZeroBitCount
            defaults &= defaults &- 1
            self.seenMask |= 1 << UInt64(field)
            self.appendDefault(field)
        }
        if self.operation.hasCompanions { self.checkCompanions() }
        var missing = self.operation.requiredMask & ~self.seenMask
        while missing != 0 {
            let field = missing.trailingZeroBitCount
            missing &= missing &- 1
            let pointer = CanonicalProduct.fields[field].pointer
            // A null that cannot be cleared has been reported already.
            if self.errors.listed.contains(where: { $0.pointer == pointer }) { continue }
            let verb = self.operation.kind == .create ? "create" : "update"
            self.errors.mistake(
                pointer, .required, "\(self.plan.dialect.title) needs this field to \(verb) a product")
        }
    }
}
