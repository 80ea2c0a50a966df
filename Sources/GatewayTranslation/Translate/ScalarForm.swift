import GatewayJSON

/// Scalars as a vendor writes them: numbers in texts, texts that are numbers, amounts in the smallest unit. Digits are
/// moved, never computed with, so that no value changes.
enum ScalarForm {
    /// Why a value cannot be written in a form: a sentence; nil where it can.
    ///
    /// - Parameter fixedCurrency: of the price, where the caller need not give it.
    static func mistake(
        in view: JSONView, at index: Int, as form: Dialect.ValueForm, fixedCurrency: String? = nil
    ) -> String? {
        switch form {
        case .lowercase, .single: return nil
        case .text:
            return view.kind(of: index) == .number && !DecimalText.isOne(self.decimal(view, index))
                ? DecimalText.expectation : nil
        case .number:
            return self.isNumber(self.text(view, index)) ? nil : "expected a number, such as 12.50"
        case .units, .currencyUnits:
            let currency = self.currency(in: view) ?? fixedCurrency
            guard let decimals = self.decimals(of: form, currency) else {
                return currency.map { "amounts in \($0) cannot be sent: it has no smallest unit" }
                    ?? "an amount in the smallest unit of its currency needs /price/currency beside it"
            }
            guard let written = self.units(self.decimal(view, index), decimals: decimals) else {
                return DecimalText.expectation
            }
            return written.isExact ? nil : "at most \(decimals) decimals can be sent here"
        case .joined(let separator):
            return self.parts(of: view, index).contains { $0.contains(separator) }
                ? "the vendor keeps this list as one text, so that no item can contain \"\(separator)\"" : nil
        }
    }

    /// Writes a value in a form that it has been checked for.
    static func write(
        _ view: JSONView, _ index: Int, as form: Dialect.ValueForm, fixedCurrency: String? = nil,
        to output: inout JSONOutput
    ) {
        switch form {
        case .text: self.writeText(view, index, to: &output)
        case .lowercase: output.append(quoting: view.string(view[index]).lowercased())
        case .number: self.append(self.text(view, index), to: &output)
        case .units, .currencyUnits:
            let decimals = self.decimals(of: form, self.currency(in: view) ?? fixedCurrency) ?? 0
            self.append(self.units(self.decimal(view, index), decimals: decimals)?.digits ?? [], to: &output)
        case .joined(let separator):
            output.append(quoting: self.parts(of: view, index).joined(separator: separator))
        // Its item has a form of its own (`entries`), which is nothing for a scalar.
        case .single: break
        }
    }

    /// Reads a vendor's value into the canonical one: texts for what is exact, lists for what was joined.
    ///
    /// - Parameter currency: of the price, as the answer tells it.
    /// - Returns: false where it is nothing of the kind.
    static func read(
        _ view: JSONView, _ index: Int, as form: Dialect.ValueForm, isText: Bool, currency: String?,
        to output: inout JSONOutput
    ) -> Bool {
        let kind = view.kind(of: index)
        guard kind == .string || kind == .number else { return false }
        switch form {
        case .text, .number:
            let text = self.decimal(view, index)
            guard isText || self.isNumber(text) else { return false }
            if isText { output.append(quoting: text) } else { self.append(text, to: &output) }
        case .lowercase:
            guard kind == .string else { return false }
            output.append(quoting: view.string(view[index]).uppercased())
        case .units, .currencyUnits:
            guard let decimals = self.decimals(of: form, currency),
                let amount = self.amount(self.decimal(view, index), decimals: decimals)
            else { return false }
            if isText { output.append(quoting: amount) } else { self.append(amount, to: &output) }
        case .joined(let separator):
            guard kind == .string else { return false }
            self.writeParts(of: view.decoded(view[index]), separator, to: &output)
        case .single: return false
        }
        return true
    }

    // MARK: Texts and numbers

    private static func text(_ view: JSONView, _ index: Int) -> [UInt8] {
        view.kind(of: index) == .string ? view.decoded(view[index]) : Array(view.raw(view[index]))
    }

    /// A number without its exponent, where it has one that an amount can have: who reads texts as amounts knows no
    /// exponents, and some read `1E-2` as `1-2`.
    private static func decimal(_ view: JSONView, _ index: Int) -> [UInt8] {
        let written = self.text(view, index)
        return view.kind(of: index) == .number ? self.plain(written) ?? written : written
    }

    static func writeText(_ view: JSONView, _ index: Int, to output: inout JSONOutput) {
        if view.kind(of: index) == .string {
            output.append(bytes: view.raw(view[index]))
        } else {
            output.append(quoting: self.decimal(view, index))
        }
    }

    /// A number of JSON, which is written as it is: anything else as a text.
    static func writeNumber(_ view: JSONView, _ index: Int, to output: inout JSONOutput) {
        let text = self.text(view, index)
        if self.isNumber(text) {
            self.append(text, to: &output)
        } else {
            output.append(bytes: view.raw(view[index]))
        }
    }

    private static func append(_ bytes: [UInt8], to output: inout JSONOutput) {
        bytes.withUnsafeBufferPointer { output.append(bytes: $0) }
    }

    /// Whether a text is a number of JSON (RFC 8259 §6).
    static func isNumber(_ text: [UInt8]) -> Bool {
        guard text.count <= 64, let document = try? JSONDocument(parsing: text) else { return false }
        return document.root.kind == .number && document.root.rawBytes.count == text.count
    }

    /// A number with its exponent worked in, so that it is a decimal number: `1.5e3` is `1500`. Nil where it has no
    /// exponent, or one that no amount has.
    private static func plain(_ text: [UInt8]) -> [UInt8]? {
        guard text.contains(UInt8(ascii: "e")) || text.contains(UInt8(ascii: "E")) else { return nil }
        let parts = text.split(separator: UInt8(ascii: "e"), maxSplits: 1, omittingEmptySubsequences: false)
        let halves =
            parts.count == 2
            ? parts : text.split(separator: UInt8(ascii: "E"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let number = Decimal(Array(halves[0])),
            let exponent = Int(String(decoding: halves[1], as: UTF8.self)), (-64...64).contains(exponent)
        else { return nil }
        var digits = number.whole + number.fraction
        var point = number.whole.count + exponent
        if point <= 0 {
            digits = [UInt8](repeating: UInt8(ascii: "0"), count: 1 - point) + digits
            point = 1
        } else if point > digits.count {
            digits += [UInt8](repeating: UInt8(ascii: "0"), count: point - digits.count)
        }
        let whole = digits.prefix(point).drop { $0 == UInt8(ascii: "0") }
        let fraction = digits.dropFirst(point)
        return (number.isNegative ? [UInt8(ascii: "-")] : []) + (whole.isEmpty ? [UInt8(ascii: "0")] : Array(whole))
            + (fraction.isEmpty ? [] : [UInt8(ascii: ".")] + fraction)
    }

    // MARK: Units

    /// The currency that a canonical product gives its price in.
    private static func currency(in view: JSONView) -> String? {
        view.value(at: ["price", "currency"]).flatMap { view.kind(of: $0) == .string ? view.string(view[$0]) : nil }
    }

    private static func decimals(of form: Dialect.ValueForm, _ currency: String?) -> Int? {
        switch form {
        case .units(let decimals): decimals
        case .currencyUnits(let except): currency.flatMap { except[$0] ?? CurrencyDecimals.count(of: $0) }
        default: nil
        }
    }

    /// Digits of the smallest unit; inexact where decimals would be lost. Nil for what is no plain decimal number.
    static func units(_ text: [UInt8], decimals: Int) -> (digits: [UInt8], isExact: Bool)? {
        guard let number = Decimal(text) else { return nil }
        let kept = number.fraction.prefix(decimals)
        let isExact = number.fraction.dropFirst(decimals).allSatisfy { $0 == UInt8(ascii: "0") }
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: decimals - kept.count)
        let digits = Array((number.whole + kept + zeros).drop { $0 == UInt8(ascii: "0") })
        guard !digits.isEmpty else { return ([UInt8(ascii: "0")], isExact) }
        return ((number.isNegative ? [UInt8(ascii: "-")] : []) + digits, isExact)
    }

    /// The amount that a number of the smallest unit is; nil where it is no whole number.
    static func amount(_ text: [UInt8], decimals: Int) -> [UInt8]? {
        guard let number = Decimal(text), number.fraction.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        var digits = number.whole
        while digits.count <= decimals { digits.insert(UInt8(ascii: "0"), at: 0) }
        let whole = digits.dropLast(decimals)
        let fraction = digits.suffix(decimals)
        return (number.isNegative ? [UInt8(ascii: "-")] : []) + whole
            + (decimals > 0 ? [UInt8(ascii: ".")] + fraction : [])
    }

    /// A number without an exponent, as its digits.
    private struct Decimal {
        let isNegative: Bool
        let whole: [UInt8]
        let fraction: [UInt8]

        init?(_ text: [UInt8]) {
            // More digits than any amount of money has.
            guard text.count <= 64 else { return nil }
            self.isNegative = text.first == UInt8(ascii: "-")
            let parts = text.dropFirst(self.isNegative ? 1 : 0).split(
                separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
            guard let whole = parts.first, !whole.isEmpty, parts.count < 2 || !parts[1].isEmpty,
                parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
            else { return nil }
            self.whole = Array(whole)
            self.fraction = parts.count > 1 ? Array(parts[1]) : []
        }
    }

    // MARK: Lists

    private static func parts(of view: JSONView, _ list: Int) -> [String] {
        guard view.kind(of: list) == .array else { return [] }
        var parts: [String] = []
        let end = view.next(after: list)
        var item = list + 1
        while item < end {
            if view.kind(of: item) == .string { parts.append(view.string(view[item])) }
            item = view.next(after: item)
        }
        return parts
    }

    /// Writes the parts between a separator, of which the spaces around it are no part.
    private static func writeParts(of text: [UInt8], _ separator: String, to output: inout JSONOutput) {
        let trimmed = separator.filter { $0 != " " }
        let mark = Array((trimmed.isEmpty ? separator : trimmed).utf8)
        output.append(UInt8(ascii: "["))
        let before = output.count
        text.withUnsafeBufferPointer { text in
            var start = 0
            var position = 0
            func endPart(at end: Int) {
                var (first, last) = (start, end)
                while first < last, text[first] == UInt8(ascii: " ") { first += 1 }
                while last > first, text[last - 1] == UInt8(ascii: " ") { last -= 1 }
                guard last > first else { return }
                if output.count > before { output.append(UInt8(ascii: ",")) }
                output.append(quoting: UnsafeBufferPointer(rebasing: text[first..<last]))
            }
            while position < text.count {
                if text[position] == mark.first, text[position...].starts(with: mark) {
                    endPart(at: position)
                    position += mark.count
                    start = position
                } else {
                    position += 1
                }
            }
            endPart(at: text.count)
        }
        output.append(UInt8(ascii: "]"))
    }
}
