import GatewayJSON

/// Reads one product out of one answer, in one walk over the object of the fields.
struct AnswerRun {
    let view: JSONView
    let plan: AnswerPlan
    let title: String
    /// What was found inside containers such as `billing`, to be written together; lent by the translator.
    let picks: UnsafeMutablePointer<Pick>
    var pickCount = 0
    var output: [UInt8]
    var warnings: [Warning] = []
    private var start = 0

    init(view: JSONView, plan: AnswerPlan, title: String, picks: UnsafeMutablePointer<Pick>) {
        self.view = view
        self.plan = plan
        self.title = title
        self.picks = picks
        self.output = []
    }

    /// Writes the canonical product. False where a value is not what the dialect says.
    mutating func write(from fields: Int) -> Bool {
        self.output.append(UInt8(ascii: "{"))
        self.start = self.output.count
        guard self.walk(fields, node: 0) else { return false }
        if self.pickCount > 0 { self.writeContainers() }
        self.output.append(UInt8(ascii: "}"))
        return true
    }

    /// Recursive along the plan's nodes.
    private mutating func walk(_ object: Int, node: Int) -> Bool {
        let names = self.plan.nodes[node]
        let end = self.view.next(after: object)
        var index = object + 1
        while index < end {
            let value = index &+ 1
            let place = names.value(of: self.view[index], in: self.view)
            if place >= AnswerPlan.firstNode {
                if self.view[value].kind == .object {
                    guard self.walk(value, node: place - AnswerPlan.firstNode) else { return false }
                }
            } else if place >= 0 {
                guard self.field(place, value) else { return false }
            }
            index = self.view.next(after: value)
        }
        return true
    }

    private mutating func field(_ field: Int, _ value: Int) -> Bool {
        let row = self.plan.rows[field]
        if row.container >= 0 {
            guard self.isReadable(row, value) else { return false }
            guard self.pickCount < Translator.picksMax else { return true }
            self.picks[self.pickCount] = Pick(
                field: Int32(truncatingIfNeeded: field), value: Int32(truncatingIfNeeded: value))
            self.pickCount += 1
            return true
        }
        guard self.isReadable(row, value) else { return false }
        let before = self.output.count
        if before > self.start { self.output.append(UInt8(ascii: ",")) }
        self.output.append(contentsOf: self.plan.pool.view(row.name))
        if !self.writeValue(field, row, value) {
            self.output.removeLast(self.output.count - before)
        }
        return true
    }

    /// Whether the value has a type that the dialect lets expect. `null` always means: no value.
    private func isReadable(_ row: AnswerRow, _ value: Int) -> Bool {
        let entry = self.view[value]
        if row.valueCount > 0 || entry.kind == .null { return true }
        if row.types & ShapeChecker.type(of: entry.kind) != 0 { return true }
        return row.emptyListIsMap && self.isEmptyList(value)
    }

    private func isEmptyList(_ value: Int) -> Bool {
        self.view[value].kind == .array && self.view.next(after: value) == value + 1
    }

    /// False where the value has no canonical word: it is left out, with a warning.
    private mutating func writeValue(_ field: Int, _ row: AnswerRow, _ value: Int) -> Bool {
        let entry = self.view[value]
        if row.valueCount > 0, entry.kind != .null { return self.writeWord(field, row, value) }
        if row.emptyListIsMap, entry.kind == .array {
            self.output.append(contentsOf: "{}".utf8)
        } else if row.hasEntryNames, entry.kind == .object, let names = self.plan.entryNames[field] {
            self.writeEntries(value, names)
        } else {
            self.output.append(contentsOf: self.view.raw(entry))
        }
        return true
    }

    private mutating func writeWord(_ field: Int, _ row: AnswerRow, _ value: Int) -> Bool {
        let raw = self.view.raw(self.view[value])
        for position in Int(row.values)..<Int(row.values + row.valueCount) {
            let pair = self.plan.values[position]
            guard raw.elementsEqual(self.plan.pool.view(pair.vendor)) else { continue }
            self.output.append(contentsOf: self.plan.pool.view(pair.canonical))
            return true
        }
        let written = String(decoding: raw.prefix(64), as: UTF8.self)
        self.warnings.append(
            Warning(
                pointer: CanonicalProduct.fields[field].pointer, code: .unknownValue,
                detail: "\(self.title) answered \(written), which has no canonical word; left out"))
        return false
    }

    private mutating func writeContainers() {
        for (position, container) in CanonicalNames.containers.enumerated() {
            let inside = (0..<self.pickCount).filter {
                Int(self.plan.rows[Int(self.picks[$0].field)].container) == position
            }
            guard !inside.isEmpty else { continue }
            if self.output.count > self.start { self.output.append(UInt8(ascii: ",")) }
            JSONWriter.appendQuoted(container.name.utf8, to: &self.output)
            self.output.append(contentsOf: ":{".utf8)
            let begin = self.output.count
            for index in inside {
                let row = self.plan.rows[Int(self.picks[index].field)]
                let before = self.output.count
                if before > begin { self.output.append(UInt8(ascii: ",")) }
                self.output.append(contentsOf: self.plan.pool.view(row.name))
                if !self.writeValue(Int(self.picks[index].field), row, Int(self.picks[index].value)) {
                    self.output.removeLast(self.output.count - before)
                }
            }
            self.output.append(UInt8(ascii: "}"))
        }
    }

    /// A map whose entries' members have other names at the vendor's; unknown ones keep theirs.
    private mutating func writeEntries(_ map: Int, _ names: [(canonical: String, vendor: String)]) {
        self.writeMembers(of: map) { run, entry in
            run.output.append(contentsOf: run.view.raw(run.view[entry]))
            run.output.append(UInt8(ascii: ":"))
            guard run.view[entry + 1].kind == .object else {
                run.output.append(contentsOf: run.view.raw(run.view[entry + 1]))
                return
            }
            run.writeMembers(of: entry + 1) { run, name in
                let written = run.view.string(run.view[name])
                let canonical = names.first { $0.vendor == written }?.canonical ?? written
                JSONWriter.appendQuoted(canonical.utf8, to: &run.output)
                run.output.append(UInt8(ascii: ":"))
                run.output.append(contentsOf: run.view.raw(run.view[name + 1]))
            }
        }
    }

    private mutating func writeMembers(of object: Int, _ write: (inout AnswerRun, Int) -> Void) {
        self.output.append(UInt8(ascii: "{"))
        let end = self.view.next(after: object)
        var index = object + 1
        while index < end {
            if index > object + 1 { self.output.append(UInt8(ascii: ",")) }
            write(&self, index)
            index = self.view.next(after: index + 1)
        }
        self.output.append(UInt8(ascii: "}"))
    }
}
