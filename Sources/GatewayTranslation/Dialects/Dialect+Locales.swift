import GatewayDocuments

extension Dialect {
    /// `{locale}` stands where there is one, and the product's own locale is no translation.
    func checkLocales(_ place: Place) {
        for operation in self.operations {
            let kind = operation.kind.rawValue
            if operation.path.hasLocale || operation.body.hasLocale
                || operation.headers.contains(where: \.value.hasLocale)
                || operation.actions.contains(where: { $0.hasLocale || $0.texts.contains(where: \.hasLocale) })
            {
                place.refuse("\(kind): {locale} is known only in a request for each translation")
            }
            for request in operation.following {
                let hasLocale =
                    request.path.hasLocale || request.body?.hasLocale == true
                    || request.headers.contains(where: \.value.hasLocale)
                guard request.condition == .eachTranslation else {
                    if hasLocale { place.refuse("\(kind): {locale} needs \"for\": \"/translations\"") }
                    continue
                }
                if !hasLocale { place.refuse("\(kind): {locale} must stand in a request for each translation") }
                self.checkOwnLocale(request, operation, place)
            }
        }
        for read in [self.read].compactMap(\.self) + self.operations.compactMap(\.preparation) {
            self.checkRead(read, place)
        }
    }

    private func checkRead(_ read: Read, _ place: Place) {
        let texts = [read.path.text] + read.path.query.map(\.value) + read.headers.map(\.value)
        if (texts + (read.body?.texts ?? [])).contains(where: \.hasKey) {
            place.refuse("read: {idempotencyKey} has no sense in what changes nothing")
        }
        if read.path.hasLocale || read.body?.hasLocale == true || read.headers.contains(where: \.value.hasLocale) {
            place.refuse("read: {locale} is known only in a request for each translation")
        }
        for taken in read.path.taken + (read.body?.taken ?? []) + read.headers.flatMap(\.value.taken) {
            place.refuse("read: {\(taken.written)} has nothing to be taken from: the read is the first request")
        }
    }

    /// Where translations go to the address of the product's own texts but for the locale, its own is none of them.
    private func checkOwnLocale(_ request: FollowingRequest, _ operation: Operation, _ place: Place) {
        let (parts, own) = (request.path.text.parts, operation.path.text.parts)
        guard parts.count == own.count,
            let position = parts.firstIndex(where: { $0 == .locale || $0 == .odataLocale })
        else { return }
        let name: String
        switch own[position] {
        case .parameter(let parameter), .odataParameter(let parameter): name = parameter
        default: return
        }
        var others = own
        others[position] = parts[position]
        let translations = self.fields.first { CanonicalProduct.fields[$0.canonical].pointer == "/translations" }
        guard others == parts, let translations, translations.ownLocale != name else { return }
        place.refuse(
            "\(operation.kind.rawValue): a translation into {parameter:\(name)} would be the product's own text: "
                + "/translations needs \"ownLocale\": {\"parameter\": \"\(name)\"}")
    }
}
