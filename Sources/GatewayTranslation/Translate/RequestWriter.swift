import GatewayJSON

/// The second half of a translation: writes what was picked, in the caller's order, into one buffer.
struct RequestWriter {
    let view: JSONView
    let operation: OperationPlan
    let picks: UnsafeMutablePointer<Pick>
    let pickCount: Int
    let dropped: DroppedValues
    var output: [UInt8]

    /// Writes the object of the fields.
    mutating func writeFields() {
        self.writeGroup(0)
    }

    /// Nested objects first, so that an envelope such as COR's metadata leads; then fields in the caller's order.
    /// Recursive along the plan's groups.
    private mutating func writeGroup(_ group: Int16) {
        self.output.append(UInt8(ascii: "{"))
        let start = self.output.count
        for child in 1..<max(1, self.operation.groups.count) {
            let row = self.operation.groups[child]
            guard row.parent == group, self.isUsed(Int16(child)) else { continue }
            self.separate(from: start)
            self.output.append(contentsOf: self.operation.pool.view(row.name))
            self.writeGroup(Int16(child))
        }
        for index in 0..<self.pickCount {
            let pick = self.picks[index]
            let row = self.operation.rows[Int(pick.field)]
            guard row.group == group else { continue }
            self.separate(from: start)
            self.output.append(contentsOf: self.operation.pool.view(row.name))
            self.writeValue(pick, row)
        }
        self.output.append(UInt8(ascii: "}"))
    }

    @inline(__always)
    private mutating func separate(from start: Int) {
        if self.output.count > start { self.output.append(UInt8(ascii: ",")) }
    }

    private func isUsed(_ group: Int16) -> Bool {
        for index in 0..<self.pickCount {
            var current = self.operation.rows[Int(self.picks[index].field)].group
            while current > 0 {
                if current == group { return true }
                current = self.operation.groups[Int(current)].parent
            }
        }
        return false
    }

    private mutating func writeValue(_ pick: Pick, _ row: FieldRow) {
        if pick.value >= 0 {
            if row.hasEntryNames, let names = self.operation.entryNames[Int(pick.field)] {
                self.writeEntries(Int(pick.value), names)
            } else {
                self.writeKept(Int(pick.value))
            }
        } else if pick.value == Pick.clearMark {
            self.output.append(contentsOf: self.operation.pool.view(row.clear))
        } else if pick.value == Pick.defaultMark {
            self.output.append(contentsOf: self.operation.pool.view(row.defaultValue))
        } else {
            let pair = self.operation.values[Int(Pick.firstValueMark - pick.value)]
            self.output.append(contentsOf: self.operation.pool.view(pair.vendor))
        }
    }

    /// Copies a value's bytes; where something inside was dropped, member by member.
    private mutating func writeKept(_ index: Int) {
        let entry = self.view[index]
        let end = self.view.next(after: index)
        guard entry.kind == .object, self.dropped.containsAny(in: (index + 1)..<end) else {
            self.output.append(contentsOf: self.view.raw(entry))
            return
        }
        self.writeMembers(of: index) { writer, name in
            writer.output.append(contentsOf: writer.view.raw(writer.view[name]))
            writer.output.append(UInt8(ascii: ":"))
            writer.writeKept(name + 1)
        }
    }

    /// Writes a map whose entries' members have other names at the vendor's.
    private mutating func writeEntries(_ map: Int, _ names: [(canonical: String, vendor: String)]) {
        self.writeMembers(of: map) { writer, entry in
            writer.output.append(contentsOf: writer.view.raw(writer.view[entry]))
            writer.output.append(UInt8(ascii: ":"))
            guard writer.view[entry + 1].kind == .object else {
                writer.writeKept(entry + 1)
                return
            }
            writer.writeMembers(of: entry + 1) { writer, name in
                let written = writer.view.string(writer.view[name])
                let vendor = names.first { $0.canonical == written }?.vendor ?? written
                JSONWriter.appendQuoted(vendor.utf8, to: &writer.output)
                writer.output.append(UInt8(ascii: ":"))
                writer.writeKept(name + 1)
            }
        }
    }

    private mutating func writeMembers(of object: Int, _ write: (inout RequestWriter, Int) -> Void) {
        self.output.append(UInt8(ascii: "{"))
        let start = self.output.count
        let end = self.view.next(after: object)
        var index = object + 1
        while index < end {
            if !self.dropped.contains(index + 1) {
                self.separate(from: start)
                write(&self, index)
            }
            index = self.view.next(after: index + 1)
        }
        self.output.append(UInt8(ascii: "}"))
    }
}
