import GatewayJSON

/// What a vendor's forms make of a value, before it is picked.
extension TranslationRun {
    /// Whether the value is to be sent; reports what cannot be.
    @inline(never)
    mutating func takesForm(_ row: FieldRow, _ value: Int, _ checker: inout ShapeChecker) -> Bool {
        let form = self.operation.forms[Int(row.form)]
        let view = self.view
        if let fixed = form.fixed {
            let isSame = fixed.withUnsafeBufferPointer { view.decodedContent(view[value], equals: $0) }
            if !isSame {
                self.errors.unsupported(
                    view.pointer(to: value), .notAllowed,
                    "\(self.plan.dialect.title) has \(String(decoding: fixed, as: UTF8.self)) here, and nothing else")
            }
            return false
        }
        if form.scalar == .single { return self.takesSingle(value, form) }
        if let scalar = form.scalar,
            let mistake = ScalarForm.mistake(in: view, at: value, as: scalar, fixedCurrency: form.fixedCurrency)
        {
            let pointer = view.pointer(to: value)
            // One that cannot be any vendor's has been told.
            if self.errors.listed.last?.pointer != pointer { self.errors.unsupported(pointer, .notAllowed, mistake) }
            return false
        }
        if let keys = form.keys, !self.takesNames(of: value, keys) { return false }
        if let places = form.translations { return self.takesTranslations(value, places, &checker) }
        return true
    }

    /// Whether a list without items is given for what the vendor has without the list: that is what null is.
    @inline(never)
    func isEmptySingle(_ row: FieldRow, _ value: Int) -> Bool {
        self.operation.forms[Int(row.form)].scalar == .single && self.view.next(after: value) == value + 1
    }

    /// Whether the only item of a list can be sent without the list. More than one has been refused (`maxItems`).
    private mutating func takesSingle(_ list: Int, _ form: FieldForm) -> Bool {
        let item = list + 1
        guard self.view.next(after: item) == self.view.next(after: list) else { return false }
        guard case .member(let tokens, _) = form.entries, self.view.value(at: tokens, from: item) == nil else {
            return true
        }
        guard self.view.kind(of: item) == .object else { return false }
        let name = tokens.map { "/" + JSONPointer.escape($0) }.joined()
        let pointer = self.view.pointer(to: item) + name
        if self.errors.listed.last?.pointer != pointer {
            self.errors.unsupported(pointer, .required, "\(self.plan.dialect.title) has nothing but this")
        }
        return false
    }

    /// Whether every name that the caller has chosen may be chosen. None is left out: a value that another field's
    /// place was given for is never what the caller can do without.
    private mutating func takesNames(of map: Int, _ keys: KeyPlan) -> Bool {
        let view = self.view
        var areTaken = true
        let end = view.next(after: map)
        var name = map + 1
        while name < end {
            if let mistake = keys.mistake(in: view.decoded(view[name])) {
                self.errors.mistake(view.pointer(to: name + 1), mistake.code, mistake.detail)
                areTaken = false
            }
            name = view.next(after: name + 1)
        }
        return areTaken
    }

    /// More languages than any vendor keeps a product in.
    private static let localesMax = 512

    /// Whether anything of translations is to be sent; reports each of their texts that cannot be.
    private mutating func takesTranslations(
        _ translations: Int, _ places: TranslationPlaces, _ checker: inout ShapeChecker
    ) -> Bool {
        let view = self.view
        var isGiven = false
        var left = Self.localesMax
        if case .requests = places {
            left = Dialect.FollowingRequest.countMax - (self.operation.special?.following.count ?? 0)
        }
        let end = view.next(after: translations)
        var locale = translations + 1
        while locale < end {
            let translation = locale + 1
            defer { locale = view.next(after: translation) }
            if self.errors.dropped.contains(translation) { continue }
            left -= 1
            guard left >= 0 else {
                self.errors.mistake(
                    view.pointer(to: translation), .tooMany,
                    "at most \(Dialect.FollowingRequest.countMax) requests are sent for one change, and each "
                        + "translation is one")
                return false
            }
            if view.kind(of: translation) == .object {
                if self.takesTranslation(translation, places, &checker) { isGiven = true }
            } else if case .localized = places {
                isGiven = true
            } else if checker.clearsMembers {
                self.refuse(
                    translation, .cannotClear, "\(self.plan.dialect.title) has no known way to remove a translation")
            }
        }
        return isGiven
    }

    private mutating func takesTranslation(
        _ translation: Int, _ places: TranslationPlaces, _ checker: inout ShapeChecker
    ) -> Bool {
        let view = self.view
        let title = self.plan.dialect.title
        var isGiven = false
        let end = view.next(after: translation)
        var name = translation + 1
        while name < end {
            let value = name + 1
            let member = view.string(view[name])
            defer { name = view.next(after: value) }
            if self.errors.dropped.contains(value) { continue }
            guard let field = CanonicalProduct.index(of: "/" + member) else { continue }
            let row = self.operation.rows[field]
            let isNull = view.kind(of: value) == .null
            switch places {
            case .localized(let members):
                if !members.contains(member) {
                    self.refuse(value, .unsupportedField, "\(title) has no translation of /\(member)")
                    continue
                }
            case .requests(let names):
                if names.isEmpty, row.state != .sent {
                    self.refuse(value, .unsupportedField, self.operation.reasons[field])
                    continue
                }
                if !names.isEmpty, !names.contains(where: { $0.canonical == member }) {
                    self.refuse(value, .unsupportedField, "\(title) has no translation of /\(member)")
                    continue
                }
                if isNull, !names.isEmpty || row.clear.isEmpty {
                    if checker.clearsMembers {
                        self.refuse(value, .cannotClear, "\(title) has no known way to clear this text")
                    }
                    continue
                }
            }
            // What the vendor says of the product's own text it says of the same text in other languages.
            if !isNull, row.state == .sent { checker.check(value, against: row.shape, &self.errors) }
            isGiven = true
        }
        return isGiven
    }

    private mutating func refuse(_ value: Int, _ code: FieldErrorCode, _ detail: String) {
        if self.errors.unsupported(self.view.pointer(to: value), code, detail) { self.errors.drop(value) }
    }
}
