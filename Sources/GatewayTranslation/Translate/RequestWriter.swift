import GatewayJSON

/// The second half of a translation: writes what was picked, in the caller's order, into one buffer.
struct RequestWriter {
    let view: JSONView
    let operation: OperationPlan
    // The plan's rows: pointers, so that writing touches no reference counts. The plan keeps them.
    let rows: UnsafePointer<FieldRow>
    let pool: UnsafePointer<UInt8>
    let picks: UnsafeMutablePointer<Pick>
    let pickCount: Int
    let dropped: DroppedValues
    /// Whether an element of a list is a new one, which gets what no caller gives.
    var writesConstants = true

    init(_ run: TranslationRun) {
        self.view = run.view
        self.operation = run.operation
        self.rows = run.operation.rows.base
        self.pool = run.operation.pool.base
        self.picks = run.picks
        self.pickCount = run.pickCount
        self.dropped = run.errors.dropped
    }

    /// For other picks of the same body.
    init(_ writer: RequestWriter, picks: UnsafeMutablePointer<Pick>, count: Int) {
        self.view = writer.view
        self.operation = writer.operation
        self.rows = writer.rows
        self.pool = writer.pool
        self.picks = picks
        self.pickCount = count
        self.dropped = writer.dropped
    }

    /// Writes the object of the fields.
    func writeFields(to output: inout JSONOutput) {
        self.writeGroup(0, to: &output)
    }

    /// Nested objects first, so that an envelope such as COR's metadata leads; then fields in the caller's order.
    /// Recursive along the plan's groups.
    func writeGroup(_ group: Int16, to output: inout JSONOutput) {
        output.append(UInt8(ascii: "{"))
        let start = output.count
        for child in 1..<max(1, self.operation.groups.count) {
            let row = self.operation.groups[child]
            guard row.parent == group, self.isUsed(Int16(child)) else { continue }
            self.writeName(row.name, behind: start, to: &output)
            if row.isList {
                self.writeList(Int16(child), to: &output)
            } else {
                self.writeGroup(Int16(child), to: &output)
            }
        }
        var index = 0
        while index < self.pickCount {
            let pick = self.picks[index]
            let row = self.rows + Int(pick.field)
            if row.pointee.group == group {
                output.append(fromBlocks: self.pool.view(row.pointee.name.withoutFirst(output.count == start)))
                self.writeValue(pick, row, to: &output)
            }
            index &+= 1
        }
        if self.operation.hasExtras { self.writeExtras(into: group, behind: start, to: &output) }
        output.append(UInt8(ascii: "}"))
    }

    @inline(never)
    private func writeExtras(into group: Int16, behind start: Int, to output: inout JSONOutput) {
        if !self.operation.constants.isEmpty { self.writeConstants(of: group, behind: start, to: &output) }
        if !self.operation.localized.isEmpty { self.writeTranslations(into: group, behind: start, to: &output) }
    }

    @inline(__always)
    private func separate(from start: Int, _ output: inout JSONOutput) {
        if output.count > start { output.append(UInt8(ascii: ",")) }
    }

    /// Whether anything was picked that is written into a group, or into one inside it.
    func isUsed(_ group: Int16) -> Bool {
        if !self.operation.localized.isEmpty, self.isUsedByTranslations(group) { return true }
        for index in 0..<self.pickCount {
            var current = self.rows[Int(self.picks[index].field)].group
            while current > 0 {
                if current == group { return true }
                current = self.operation.groups[Int(current)].parent
            }
        }
        return false
    }

    func row(of pick: Pick) -> UnsafePointer<FieldRow> { self.rows + Int(pick.field) }

    /// What was picked for a field.
    func pick(of field: Int) -> Pick? {
        for index in 0..<self.pickCount where Int(self.picks[index].field) == field { return self.picks[index] }
        return nil
    }

    /// Writes a name of the plan's pool, which stands there behind a comma.
    func writeName(_ name: PooledBytes, behind start: Int, to output: inout JSONOutput) {
        output.append(fromBlocks: self.pool.view(name.withoutFirst(output.count == start)))
    }

    @inline(__always)
    func writeValue(_ pick: Pick, _ row: UnsafePointer<FieldRow>, to output: inout JSONOutput) {
        if row.pointee.isFormed, pick.value >= 0 {
            self.writeFormed(pick, row, to: &output)
        } else if pick.value >= 0 {
            if row.pointee.hasEntryNames, let names = self.operation.entryNames[Int(pick.field)] {
                self.writeEntries(Int(pick.value), names, to: &output)
            } else {
                self.writeKept(Int(pick.value), to: &output)
            }
        } else if pick.value == Pick.clearMark {
            output.append(bytes: self.pool.view(row.pointee.clear))
        } else if pick.value == Pick.defaultMark {
            output.append(bytes: self.pool.view(row.pointee.defaultValue))
        } else {
            let pair = self.operation.values[Int(Pick.firstValueMark - pick.value)]
            output.append(bytes: self.pool.view(pair.vendor))
        }
    }

    /// Copies a value's bytes; where something inside was dropped, member by member.
    @inline(__always)
    func writeKept(_ index: Int, to output: inout JSONOutput) {
        let entry = self.view[index]
        if entry.kind == .object, !self.dropped.isEmpty {
            self.writeUndropped(index, to: &output)
        } else {
            output.append(bytes: self.view.raw(entry))
        }
    }

    @inline(never)
    private func writeUndropped(_ index: Int, to output: inout JSONOutput) {
        guard self.dropped.containsAny(in: (index + 1)..<self.view.next(after: index)) else {
            output.append(bytes: self.view.raw(self.view[index]))
            return
        }
        self.writeMembers(of: index, to: &output) { name, output in
            output.append(bytes: self.view.raw(self.view[name]))
            output.append(UInt8(ascii: ":"))
            self.writeKept(name + 1, to: &output)
        }
    }

    /// Writes a map whose entries' members have other names at the vendor's.
    private func writeEntries(
        _ map: Int, _ names: [(canonical: String, vendor: String)], to output: inout JSONOutput
    ) {
        self.writeMembers(of: map, to: &output) { entry, output in
            output.append(bytes: self.view.raw(self.view[entry]))
            output.append(UInt8(ascii: ":"))
            guard self.view[entry + 1].kind == .object else {
                self.writeKept(entry + 1, to: &output)
                return
            }
            self.writeMembers(of: entry + 1, calling: names, to: &output)
        }
    }

    /// Writes an object whose members have other names at the vendor's.
    func writeMembers(
        of object: Int, calling names: [(canonical: String, vendor: String)], to output: inout JSONOutput
    ) {
        self.writeMembers(of: object, to: &output) { name, output in
            let written = self.view.string(self.view[name])
            let vendor = names.first { $0.canonical == written }?.vendor ?? written
            output.append(quoting: vendor)
            output.append(UInt8(ascii: ":"))
            self.writeKept(name + 1, to: &output)
        }
    }

    private func writeMembers(
        of object: Int, to output: inout JSONOutput, _ write: (Int, inout JSONOutput) -> Void
    ) {
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let end = self.view.next(after: object)
        var index = object + 1
        while index < end {
            if !self.dropped.contains(index + 1) {
                self.separate(from: start, &output)
                write(index, &output)
            }
            index = self.view.next(after: index + 1)
        }
        output.append(UInt8(ascii: "}"))
    }
}
