import GatewayHTTP
import GatewayJSON

/// What single errors say beside their text: codes of their own, the translation that they are about, how long to wait.
extension ErrorFolder {
    /// What an item's own code says, where the dialect knows it.
    private func rule(of item: VendorItem, _ reading: ErrorReader) -> ErrorRules.ItemCodeRule? {
        guard !self.plan.errors.itemCodes.isEmpty, item.code.isGiven, let code = item.code.string(of: reading.words)
        else { return nil }
        return self.plan.errors.itemCodes.first { $0.vendor == code }
    }

    func itemReason(of item: VendorItem, _ reading: ErrorReader) -> FieldErrorCode? {
        self.rule(of: item, reading)?.reason
    }

    func itemRule(of item: VendorItem, _ reading: ErrorReader) -> (pointer: String?, reason: FieldErrorCode)? {
        guard let rule = self.rule(of: item, reading) else { return nil }
        let field = rule.field.map { CanonicalProduct.fields[$0].pointer }
        return (field, rule.reason ?? .invalid)
    }

    /// Whether it is known what an answer says: its code, its words, or the field that it names.
    func isUnderstood(_ reading: ErrorReader) -> Bool {
        if reading.rule != nil || self.isUnderstood(reading.whole, reading) { return true }
        return (0..<reading.itemCount).contains { self.isUnderstood(reading.items[$0], reading) }
    }

    private func isUnderstood(_ item: VendorItem, _ reading: ErrorReader) -> Bool {
        if self.rule(of: item, reading) != nil || self.phrase(in: item.text, reading) != nil { return true }
        if item.fieldName.isGiven {
            return item.fieldName.withBytes(of: reading.words) {
                self.plan.fieldPlaces.pointer(forVendorField: $0) != nil
            }
        }
        // Several texts are several fields; or steps into an answer, of which one may be called like a field.
        var (count, placed) = (0, 0)
        reading.withTexts(of: item.fields) {
            count += 1
            if self.plan.fieldPlaces.pointer(forVendorField: $0) != nil { placed += 1 }
        }
        return count > 0 && count == placed
    }

    /// Whether an error that cannot be placed says something that the problem does not say already.
    ///
    /// A text under some name in a map is an error only where the dialect says that errors are there: it may be an
    /// attribute of the one that there is.
    func isOneMore(_ item: VendorItem, _ text: VendorText, _ reading: ErrorReader) -> Bool {
        (reading.itemsAreDeclared || !item.fieldName.isGiven) && !self.isTold(text, reading)
    }

    /// Whether a text is one that the problem gives as the vendor's own.
    private func isTold(_ text: VendorText, _ reading: ErrorReader) -> Bool {
        let first = reading.itemCount > 0 ? reading.items[0] : VendorItem()
        let told = [
            reading.whole.detail.isGiven ? reading.whole.detail : first.detail,
            reading.whole.title.isGiven ? reading.whole.title : first.title,
        ]
        return text.withBytes(of: reading.words) { text in
            told.contains { $0.withBytes(of: reading.words) { JSONView.areEqual($0, text) } }
        }
    }

    /// The text in another language that an item is about: `/translations/de/name`.
    func translation(of item: VendorItem, _ reading: ErrorReader) -> String? {
        guard item.locale.isGiven, item.fieldName.isGiven || item.fields >= 0,
            let locale = item.locale.string(of: reading.words), Array(locale.utf8) != self.plan.answer.ownLocale
        else { return nil }
        var pointer: String?
        if item.fieldName.isGiven {
            pointer = item.fieldName.withBytes(of: reading.words) {
                self.plan.fieldPlaces.pointer(forVendorField: $0)
            }
        } else {
            reading.withTexts(of: item.fields) {
                pointer = pointer ?? self.plan.fieldPlaces.pointer(forVendorField: $0)
            }
        }
        guard let pointer, pointer == "/name" || pointer == "/description" else { return nil }
        return "/translations/" + JSONPointer.escape(locale) + pointer
    }

    /// What the words of an answer say, where the dialect knows them.
    func phrase(in reading: ErrorReader) -> ErrorRules.PhraseRule? {
        guard !self.plan.dialect.errors.phrases.isEmpty else { return nil }
        if let phrase = self.phrase(in: reading.whole.text, reading), phrase.code != nil { return phrase }
        for index in 0..<reading.itemCount {
            if let phrase = self.phrase(in: reading.items[index].text, reading), phrase.code != nil { return phrase }
        }
        return nil
    }

    func phrase(in text: VendorText, _ reading: ErrorReader) -> ErrorRules.PhraseRule? {
        guard !self.plan.dialect.errors.phrases.isEmpty, let text = text.string(of: reading.words)?.lowercased() else {
            return nil
        }
        return self.plan.dialect.errors.phrases.first { text.contains($0.contains) }
    }

    /// How long the vendor says to wait, where it is not in `Retry-After`.
    func wait(_ reading: ErrorReader) -> Int? {
        for wait in self.plan.dialect.errors.waits {
            let text: String?
            switch wait.place {
            case .header(let name): text = self.answer.header(name)
            case .pointer(let tokens): text = reading.scalarText(at: tokens)
            }
            if let seconds = text.flatMap({ self.seconds($0, wait.unit) }) { return seconds }
        }
        return nil
    }

    /// Whole seconds, rounded up, at most a day.
    private func seconds(_ text: String, _ unit: ErrorRules.Wait.Unit) -> Int? {
        let trimmed = text.filter { $0 != " " }
        switch unit {
        case .date: return RetryAfter.seconds(text, nowEpochSeconds: self.nowEpochSeconds)
        case .seconds: return RetryAfter.seconds(trimmed, nowEpochSeconds: nil)
        case .milliseconds: return self.whole(trimmed).map { Self.clamped(($0 &+ 999) / 1000) }
        case .epoch, .epochMilliseconds:
            guard let now = self.nowEpochSeconds, let moment = self.whole(trimmed) else { return nil }
            return Self.clamped((unit == .epoch ? moment : (moment &+ 999) / 1000) &- now)
        }
    }

    private func whole(_ text: String) -> Int? {
        let digits = text.prefix { $0 != "." }
        guard let whole = Int(digits), whole >= 0, whole < Int.max / 2 else { return nil }
        return digits.count == text.count ? whole : whole + 1
    }

    private static func clamped(_ seconds: Int) -> Int { max(0, min(seconds, RetryAfter.secondsMax)) }
}
