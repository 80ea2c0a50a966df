import GatewayJSON

/// Reads one product out of one answer, in one walk over the object of the fields.
struct AnswerRun {
    let view: JSONView
    let plan: AnswerPlan
    let title: String
    // The plan's rows: pointers, so that reading touches no reference counts. The plan keeps them.
    let rows: UnsafePointer<AnswerRow>
    let pool: UnsafePointer<UInt8>
    /// What was found inside containers such as `billing`, to be written together; lent by the translator.
    let picks: UnsafeMutablePointer<Pick>
    var pickCount = 0
    var warnings: [Warning] = []
    private(set) var start = 0

    init(view: JSONView, plan: AnswerPlan, title: String, picks: UnsafeMutablePointer<Pick>) {
        self.view = view
        self.plan = plan
        self.title = title
        self.rows = plan.rows.base
        self.pool = plan.pool.base
        self.picks = picks
    }

    /// Writes the canonical product. False where a value is not what the dialect says.
    mutating func write(from fields: Int, to output: inout JSONOutput) -> Bool {
        output.append(UInt8(ascii: "{"))
        self.start = output.count
        guard self.walk(fields, node: 0, to: &output) else { return false }
        if !self.plan.rootFields.isEmpty {
            guard self.writeRootFields(to: &output) else { return false }
        }
        if !self.plan.localized.isEmpty { self.writeTranslations(from: fields, to: &output) }
        if self.pickCount > 0 { self.writeContainers(to: &output) }
        output.append(UInt8(ascii: "}"))
        return true
    }

    /// Recursive along the plan's nodes.
    mutating func walk(_ object: Int, node: Int, to output: inout JSONOutput) -> Bool {
        let view = self.view
        let names = self.plan.nodes[node].view
        let end = view.next(after: object)
        var index = object &+ 1
        while index < end {
            let value = index &+ 1
            let place = names.value(of: index, in: view)
            if place >= AnswerPlan.firstNode {
                if view.kind(of: value) == .object {
                    guard self.walk(value, node: place - AnswerPlan.firstNode, to: &output) else { return false }
                } else if view.kind(of: value) == .array, self.plan.readsLists {
                    guard self.walkList(value, node: place - AnswerPlan.firstNode, to: &output) else { return false }
                }
            } else if place >= 0 {
                guard self.field(place, value, to: &output) else { return false }
            }
            index = view.next(after: value)
        }
        return true
    }

    /// Whether `write` would write a product. Recursive along the plan's nodes.
    func isReadable(_ object: Int, node: Int = 0) -> Bool {
        let names = self.plan.nodes[node].view
        let end = self.view.next(after: object)
        var index = object &+ 1
        while index < end {
            let value = index &+ 1
            let place = names.value(of: index, in: self.view)
            if place >= AnswerPlan.firstNode {
                if self.view.kind(of: value) == .object {
                    guard self.isReadable(value, node: place - AnswerPlan.firstNode) else { return false }
                } else if self.view.kind(of: value) == .array, self.plan.readsLists {
                    guard self.areElementsReadable(value, node: place - AnswerPlan.firstNode) else { return false }
                }
            } else if place >= 0 {
                guard self.isReadable(self.rows + place, value) else { return false }
            }
            index = self.view.next(after: value)
        }
        return true
    }

    @inline(__always)
    mutating func field(_ field: Int, _ value: Int, to output: inout JSONOutput) -> Bool {
        let row = self.rows + field
        guard self.isReadable(row, value) else { return false }
        if row.pointee.container >= 0 {
            guard self.pickCount < Pick.countMax else { return true }
            self.picks[self.pickCount] = Pick(
                field: Int32(truncatingIfNeeded: field), value: Int32(truncatingIfNeeded: value))
            self.pickCount &+= 1
            return true
        }
        self.writeMember(field, row, value, behind: self.start, to: &output)
        return true
    }

    /// Whether the value has a type that the dialect lets expect. `null` always means: no value.
    @inline(__always)
    func isReadable(_ row: UnsafePointer<AnswerRow>, _ value: Int) -> Bool {
        let kind = self.view.kind(of: value)
        if row.pointee.types & Shape.Types.bit(of: kind) != 0 {
            return !row.pointee.hasTypedEntries || self.areEntriesReadable(row, value)
        }
        return kind == .null || row.pointee.valueCount > 0 || row.pointee.isFormed
            || (row.pointee.emptyListIsMap && self.isEmptyList(value))
    }

    /// Whether the entries of a map, or the items of a list, have the types that the canonical product says.
    @inline(never)
    private func areEntriesReadable(_ row: UnsafePointer<AnswerRow>, _ container: Int) -> Bool {
        guard let entries = self.plan.entries[row - self.rows] else { return true }
        let view = self.view
        let members = entries.members.view
        let step = view.kind(of: container) == .object ? 1 : 0
        let end = view.next(after: container)
        var entry = container &+ 1 &+ step
        while entry < end {
            let kind = view.kind(of: entry)
            guard entries.types & Shape.Types.bit(of: kind) != 0 || kind == .null else { return false }
            if kind == .object, !self.areMembersReadable(members, entry) { return false }
            entry = view.next(after: entry) &+ step
        }
        return true
    }

    private func areMembersReadable(_ members: NameTable.View, _ object: Int) -> Bool {
        let view = self.view
        let end = view.next(after: object)
        var name = object &+ 1
        while name < end {
            let types = members.value(of: name, in: view)
            let kind = view.kind(of: name &+ 1)
            if types >= 0, types & Int(Shape.Types.bit(of: kind)) == 0, kind != .null { return false }
            name = view.next(after: name &+ 1)
        }
        return true
    }

    private func isEmptyList(_ value: Int) -> Bool {
        self.view[value].kind == .array && self.view.next(after: value) == value + 1
    }

    /// Writes name and value; nothing where the value has no canonical word.
    @inline(__always)
    private mutating func writeMember(
        _ field: Int, _ row: UnsafePointer<AnswerRow>, _ value: Int, behind start: Int, to output: inout JSONOutput
    ) {
        let before = output.count
        output.append(fromBlocks: self.pool.view(row.pointee.name.withoutFirst(before == start)))
        let entry = self.view[value]
        if row.pointee.isFormed, entry.kind != .null {
            if !self.writeFormed(field, Int(row.pointee.form), value, to: &output) { output.truncate(to: before) }
        } else if row.pointee.valueCount > 0, entry.kind != .null {
            if !self.writeWord(field, row, value, to: &output) { output.truncate(to: before) }
        } else if row.pointee.emptyListIsMap, entry.kind == .array {
            output.append(literal: "{}")
        } else if row.pointee.hasEntryNames, entry.kind == .object, let names = self.plan.entryNames[field] {
            self.writeEntries(value, names, to: &output)
        } else {
            output.append(bytes: self.view.raw(entry))
        }
    }

    /// False where the value has no canonical word: it is left out, with a warning.
    private mutating func writeWord(
        _ field: Int, _ row: UnsafePointer<AnswerRow>, _ value: Int, to output: inout JSONOutput
    ) -> Bool {
        let raw = self.view.raw(self.view[value])
        var position = Int(row.pointee.values)
        let end = position &+ Int(row.pointee.valueCount)
        while position < end {
            let pair = self.plan.values[position]
            if JSONView.areEqual(raw, self.pool.view(pair.vendor)) {
                output.append(bytes: self.pool.view(pair.canonical))
                return true
            }
            position &+= 1
        }
        let written = String(decoding: raw.prefix(64), as: UTF8.self)
        self.warnings.append(
            Warning(
                pointer: CanonicalProduct.fields[field].pointer, code: .unknownValue,
                detail: "\(self.title) answered \(written), which has no canonical word; left out"))
        return false
    }

    private mutating func writeContainers(to output: inout JSONOutput) {
        for (position, name) in self.plan.containerNames.enumerated() {
            var begin = 0
            for index in 0..<self.pickCount {
                let pick = self.picks[index]
                let row = self.rows + Int(pick.field)
                guard Int(row.pointee.container) == position else { continue }
                if begin == 0 {
                    if output.count > self.start { output.append(UInt8(ascii: ",")) }
                    output.append(bytes: self.pool.view(name))
                    begin = output.count
                }
                self.writeMember(Int(pick.field), row, Int(pick.value), behind: begin, to: &output)
            }
            if begin > 0, !self.plan.fixed.isEmpty { self.writeFixed(in: position, behind: begin, to: &output) }
            if begin > 0 { output.append(UInt8(ascii: "}")) }
        }
    }

    /// A map whose entries' members have other names at the vendor's; unknown ones keep theirs.
    private func writeEntries(
        _ map: Int, _ names: [(canonical: String, vendor: String)], to output: inout JSONOutput
    ) {
        self.writeMembers(of: map, to: &output) { entry, output in
            output.append(bytes: self.view.raw(self.view[entry]))
            output.append(UInt8(ascii: ":"))
            guard self.view[entry + 1].kind == .object else {
                output.append(bytes: self.view.raw(self.view[entry + 1]))
                return
            }
            self.writeMembers(of: entry + 1, to: &output) { name, output in
                let written = self.view.string(self.view[name])
                let canonical = names.first { $0.vendor == written }?.canonical ?? written
                output.append(quoting: canonical)
                output.append(UInt8(ascii: ":"))
                output.append(bytes: self.view.raw(self.view[name + 1]))
            }
        }
    }

    private func writeMembers(
        of object: Int, to output: inout JSONOutput, _ write: (Int, inout JSONOutput) -> Void
    ) {
        output.append(UInt8(ascii: "{"))
        let end = self.view.next(after: object)
        var index = object + 1
        while index < end {
            if index > object + 1 { output.append(UInt8(ascii: ",")) }
            write(index, &output)
            index = self.view.next(after: index + 1)
        }
        output.append(UInt8(ascii: "}"))
    }
}
