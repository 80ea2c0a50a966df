import GatewayJSON

/// What a vendor's forms make of a value, before it is picked.
extension TranslationRun {
    /// Whether the value is to be sent; reports what cannot be.
    @inline(never)
    mutating func takesForm(_ row: FieldRow, _ value: Int) -> Bool {
        let form = self.operation.forms[Int(row.form)]
        let view = self.view
        if let fixed = form.fixed {
            let isSame = fixed.withUnsafeBufferPointer { view.decodedContent(view[value], equals: $0) }
            if !isSame {
                self.faults.unsupported(
                    view.pointer(to: value), .notAllowed,
                    "\(self.plan.dialect.title) has \(String(decoding: fixed, as: UTF8.self)) here, and nothing else")
            }
            return false
        }
        if let scalar = form.scalar, let mistake = ScalarForm.mistake(in: view, at: value, as: scalar) {
            self.faults.unsupported(view.pointer(to: value), .notAllowed, mistake)
            return false
        }
        if let ownLocale = form.ownLocale { return self.takesTranslations(value, ownLocale) }
        return true
    }

    /// The texts in the target's own locale are the product's own: the vendor keeps both in one place.
    private mutating func takesTranslations(_ value: Int, _ ownLocale: [UInt8]) -> Bool {
        let view = self.view
        var isTaken = true
        let end = view.next(after: value)
        var name = value + 1
        while name < end {
            if ownLocale.withUnsafeBufferPointer({ view.decodedContent(view[name], equals: $0) }) {
                self.faults.mistake(
                    view.pointer(to: name + 1), .notAllowed,
                    "this is the locale of the product's own texts: give them as /name, /description")
                isTaken = false
            }
            name = view.next(after: name + 1)
        }
        return isTaken
    }
}
