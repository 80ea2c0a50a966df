import GatewayJSON

/// Writes a value into a form of the vendor's: an element of a list, around a text, an action.
///
/// Members for which there is nothing are left out.
struct ElementWriter {
    let view: JSONView
    let id: ProductID?
    let fillings: Fillings
    /// The value, or where something inside it is wanted.
    var value: Int?
    /// The name under which the value stands in its map.
    var key: Int?
    /// The name of the translation.
    var locale: Int?
    /// Whether the value is to be cleared: what is sent then.
    var clear: UnsafeBufferPointer<UInt8>?

    init(view: JSONView, id: ProductID? = nil, fillings: Fillings = .none) {
        self.view = view
        self.id = id
        self.fillings = fillings
    }

    /// Writes the form. False where there is nothing to be written, and nothing was.
    ///
    /// Recursive along the form. `field` writes what stands in the place of a vendor's field, and `value` what stands
    /// in the place of the value, where it is not the one of the view as it is.
    func write(
        _ plan: ValuePlan, to output: inout JSONOutput,
        value: ((inout JSONOutput) -> Void)? = nil,
        field: (([String], inout JSONOutput) -> Bool)? = nil
    ) -> Bool {
        switch plan {
        case .constant(let bytes):
            bytes.withUnsafeBufferPointer { output.append(bytes: $0) }
        case .filled(let template):
            template.append(to: &output, quotingID: self.id, self.fillings)
        case .value:
            if let value {
                value(&output)
            } else if let clear = self.clear {
                output.append(bytes: clear)
            } else if let index = self.value {
                output.append(bytes: self.view.raw(self.view[index]))
            } else {
                return false
            }
        case .key: return self.writeName(self.key, to: &output)
        case .locale: return self.writeName(self.locale, to: &output)
        case .member(let tokens, let type): return self.writeMember(tokens, type, to: &output)
        case .field(let tokens): return field?(tokens, &output) ?? false
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            let start = output.count
            for member in members {
                let before = output.count
                if before > start { output.append(UInt8(ascii: ",")) }
                member.quoted.withUnsafeBufferPointer { output.append(bytes: $0) }
                if !self.write(member.value, to: &output, value: value, field: field) { output.truncate(to: before) }
            }
            output.append(UInt8(ascii: "}"))
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            let start = output.count
            for element in elements {
                let before = output.count
                if before > start { output.append(UInt8(ascii: ",")) }
                if !self.write(element, to: &output, value: value, field: field) { output.truncate(to: before) }
            }
            output.append(UInt8(ascii: "]"))
        }
        return true
    }

    /// Writes the form over what the vendor has there, whose other members stay: all, or those that are `kept`.
    /// Recursive along the form.
    func write(
        _ plan: ValuePlan, over index: Int, in base: JSONView, kept: [String]? = nil, to output: inout JSONOutput,
        value: ((inout JSONOutput) -> Void)? = nil
    ) -> Bool {
        guard case .object(let members) = plan, base.kind(of: index) == .object else {
            return self.write(plan, to: &output, value: value)
        }
        output.append(UInt8(ascii: "{"))
        let start = output.count
        var written: Set<String> = []
        let end = base.next(after: index)
        var name = index + 1
        while name < end {
            defer { name = base.next(after: name + 1) }
            let before = output.count
            if before > start { output.append(UInt8(ascii: ",")) }
            output.append(bytes: base.raw(base[name]))
            output.append(UInt8(ascii: ":"))
            let known = base.string(base[name])
            let member = members.first { $0.name == known }
            let isGiven = member.map {
                written.insert($0.name)
                return self.write($0.value, over: name + 1, in: base, to: &output, value: value)
            }
            if isGiven == true { continue }
            if kept?.contains(known) ?? true {
                output.append(bytes: base.raw(base[name + 1]))
            } else {
                output.truncate(to: before)
            }
        }
        for member in members where !written.contains(member.name) {
            let before = output.count
            if before > start { output.append(UInt8(ascii: ",")) }
            member.quoted.withUnsafeBufferPointer { output.append(bytes: $0) }
            if !self.write(member.value, to: &output, value: value) { output.truncate(to: before) }
        }
        output.append(UInt8(ascii: "}"))
        return true
    }

    private func writeName(_ name: Int?, to output: inout JSONOutput) -> Bool {
        guard let name else { return false }
        output.append(bytes: self.view.raw(self.view[name]))
        return true
    }

    private func writeMember(
        _ tokens: [String], _ type: ValueTemplate.VendorType?, to output: inout JSONOutput
    ) -> Bool {
        guard let value = self.value, let found = self.view.value(at: tokens, from: value) else { return false }
        switch type {
        case nil: output.append(bytes: self.view.raw(self.view[found]))
        case .text: ScalarForm.writeText(self.view, found, to: &output)
        case .number: ScalarForm.writeNumber(self.view, found, to: &output)
        }
        return true
    }

    /// Writes each item of a list, or each entry of a map, in the form; with commas between, and before where
    /// `output` is longer than `start`. `isKept` says which.
    mutating func writeAll(
        of container: Int, _ plan: ValuePlan, behind start: Int, to output: inout JSONOutput, isKept: (Int) -> Bool
    ) {
        let isMap = self.view.kind(of: container) == .object
        let end = self.view.next(after: container)
        var index = container + 1
        while index < end {
            let item = isMap ? index + 1 : index
            if isKept(item) {
                self.key = isMap ? index : nil
                self.value = item
                let before = output.count
                if before > start { output.append(UInt8(ascii: ",")) }
                if !self.write(plan, to: &output) { output.truncate(to: before) }
            }
            index = self.view.next(after: item)
        }
    }
}
