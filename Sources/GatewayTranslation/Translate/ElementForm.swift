import GatewayJSON

/// Finds a value in a form of the vendor's again: a `ValuePlan`, read backwards.
struct ElementForm {
    let view: JSONView
    private(set) var value: Int?
    private(set) var key: Int?
    private(set) var locale: Int?
    /// What stands where members of the canonical value belong.
    private(set) var members: [(tokens: [String], type: ValueTemplate.VendorType?, index: Int)] = []

    init(view: JSONView) {
        self.view = view
    }

    /// Whether what stands at an index has the form; then what is in its holes is known. Recursive along the form.
    mutating func read(_ plan: ValuePlan, at index: Int) -> Bool {
        switch plan {
        case .constant(let bytes): return self.isEqual(index, bytes)
        // Nothing that an element of a list can have.
        case .filled, .field: return true
        case .value: self.value = index
        case .key:
            guard self.view.kind(of: index) == .string else { return false }
            self.key = index
        case .locale:
            guard self.view.kind(of: index) == .string else { return false }
            self.locale = index
        case .member(let tokens, let type): self.members.append((tokens, type, index))
        case .object(let members):
            guard self.view.kind(of: index) == .object else { return false }
            for member in members {
                var name = member.name
                let found = name.withUTF8 { self.view.member($0, of: index) }
                guard let found else {
                    // What a vendor leaves out is null, and a value that is not there is none.
                    if Self.mayBeAbsent(member.value) { continue }
                    return false
                }
                guard self.read(member.value, at: found) else { return false }
            }
        case .array(let elements):
            guard self.view.kind(of: index) == .array else { return false }
            // A list of one is read out of a longer one: a price in one currency, among those in others.
            if elements.count == 1 { return self.read(elements[0], inListAt: index) }
            for (position, element) in elements.enumerated() {
                guard let found = self.view.element(position, of: index), self.read(element, at: found) else {
                    return false
                }
            }
        }
        return true
    }

    /// Reads the first element of a list that has the form.
    private mutating func read(_ plan: ValuePlan, inListAt list: Int) -> Bool {
        let end = self.view.next(after: list)
        var element = list + 1
        while element < end {
            var reader = self
            if reader.read(plan, at: element) {
                self = reader
                return true
            }
            element = self.view.next(after: element)
        }
        return false
    }

    private static func mayBeAbsent(_ plan: ValuePlan) -> Bool {
        switch plan {
        case .constant(let bytes): bytes == Array("null".utf8)
        case .member: true
        case .object(let members): members.allSatisfy { self.mayBeAbsent($0.value) }
        case .value, .key, .locale, .filled, .field, .array: false
        }
    }

    /// Texts by their characters, anything else by its bytes.
    private func isEqual(_ index: Int, _ bytes: [UInt8]) -> Bool {
        let entry = self.view[index]
        return bytes.withUnsafeBufferPointer { expected in
            if entry.kind == .string, expected.count >= 2, expected.first == UInt8(ascii: "\"") {
                return self.view.decodedContent(
                    entry, equals: UnsafeBufferPointer(rebasing: expected[1..<expected.count - 1]))
                    || JSONView.areEqual(self.view.raw(entry), expected)
            }
            return JSONView.areEqual(self.view.raw(entry), expected)
        }
    }

    /// Whether what was found has the types of a canonical item.
    func fits(_ shape: Shape?) -> Bool {
        guard let shape else { return true }
        func isOne(_ index: Int, of types: Shape.Types) -> Bool {
            types.rawValue & Shape.Types.bit(of: self.view.kind(of: index)) != 0
        }
        if let value = self.value { return isOne(value, of: shape.types) }
        return self.members.allSatisfy { member in
            // What is written as another type is a text here.
            guard member.tokens.count == 1, member.type == nil, self.view.kind(of: member.index) != .null,
                let known = shape.members.first(where: { $0.name == member.tokens[0] })
            else { return true }
            return isOne(member.index, of: known.shape.types)
        }
    }

    /// Writes the canonical value that was found: the value itself, or an object of the members.
    ///
    /// - Returns: false where there was none.
    func writeValue(to output: inout JSONOutput) -> Bool {
        if let value = self.value {
            output.append(bytes: self.view.raw(self.view[value]))
            return true
        }
        // A reference by its id: a list may have a million of them.
        if self.members.count == 1, let member = self.members.first, member.tokens.count == 1 {
            guard self.view.kind(of: member.index) != .null else { return false }
            output.append(UInt8(ascii: "{"))
            output.append(quoting: member.tokens[0])
            output.append(UInt8(ascii: ":"))
            self.write(member.index, canonicalOf: member.type, to: &output)
            output.append(UInt8(ascii: "}"))
            return true
        }
        // A value whose only member is itself would be at the empty pointer, which templates call {value}.
        let given = self.members.filter { self.view.kind(of: $0.index) != .null }
        guard !given.isEmpty else { return false }
        self.writeObject(given.map { ($0.tokens[...], $0.type, $0.index) }, to: &output)
        return true
    }

    /// Recursive along the members' pointers, which a dialect's author has written.
    private func writeObject(
        _ members: [(tokens: ArraySlice<String>, type: ValueTemplate.VendorType?, index: Int)],
        to output: inout JSONOutput
    ) {
        output.append(UInt8(ascii: "{"))
        let start = output.count
        var written: Set<String> = []
        for member in members {
            guard let name = member.tokens.first, written.insert(name).inserted else { continue }
            if output.count > start { output.append(UInt8(ascii: ",")) }
            output.append(quoting: name)
            output.append(UInt8(ascii: ":"))
            if member.tokens.count > 1 {
                let inner = members.filter { $0.tokens.first == name && $0.tokens.count > 1 }
                self.writeObject(inner.map { ($0.tokens.dropFirst(), $0.type, $0.index) }, to: &output)
            } else {
                self.write(member.index, canonicalOf: member.type, to: &output)
            }
        }
        output.append(UInt8(ascii: "}"))
    }

    /// What a vendor keeps as a number may be a text here, and the other way round; the canonical form is a text.
    private func write(_ index: Int, canonicalOf type: ValueTemplate.VendorType?, to output: inout JSONOutput) {
        if type == nil {
            output.append(bytes: self.view.raw(self.view[index]))
        } else {
            ScalarForm.writeText(self.view, index, to: &output)
        }
    }
}
