import GatewayDocuments
import GatewayJSON

/// Writes an update laid over the product as the vendor has it, from what was picked of the caller's body (RFC 7396).
struct MergingWriter {
    let writer: RequestWriter
    let patch: MergePatch
    /// Whether the vendor takes what is sent in the place of the whole product: then all that it has is sent back.
    /// Otherwise only what was picked is sent, with the rest of the maps that it would replace.
    let keepsRest: Bool

    var operation: OperationPlan { self.writer.operation }

    init(_ run: TranslationRun, over base: JSONView, read: ReadPlan, keepsRest: Bool) {
        self.writer = RequestWriter(run)
        self.patch = MergePatch(
            base: base, patch: run.view, nullRemoves: true, omissions: read.omissions, dropped: run.errors.dropped)
        self.keepsRest = keepsRest
    }

    /// What is wrong with parts of maps that turn out to be wholes: the vendor has nothing there that they could be
    /// laid over, and they lack what the vendor needs.
    func errorsOfAdded(over fields: Int, handling: Handling) -> FieldErrors {
        var errors = FieldErrors(handling: handling)
        var checker = ShapeChecker(view: self.patch.patch, plan: self.operation)
        for index in 0..<self.writer.pickCount {
            let pick = self.writer.picks[index]
            let row = self.writer.row(of: pick)
            // What has no place of its own is laid over nothing.
            guard pick.value >= 0, row.pointee.isPatch, row.pointee.group >= 0 else { continue }
            let name = self.find(
                Int(pick.field), in: self.object(of: row.pointee.group, in: fields), row.pointee.group, nil)
            checker.clearsMembers = row.pointee.clearsMembers
            checker.checkAdded(
                Int(pick.value), over: name.map { $0 + 1 }, in: self.patch.base, against: row.pointee.shape, &errors)
        }
        return errors
    }

    /// The vendor's object that a group is written over. Recursive along the plan's groups.
    func object(of group: Int16, in fields: Int) -> Int? {
        guard group > 0 else { return fields }
        let parent = self.operation.groups[Int(group)].parent
        return self.find(OperationPlan.firstGroup + Int(group), in: self.object(of: parent, in: fields), parent, nil)
            .flatMap { self.objectValue($0) }
    }

    /// Writes the object of the fields, over the vendor's at an index.
    func writeFields(over fields: Int, to output: inout JSONOutput) {
        self.writeGroup(0, over: fields, node: Omissions.root, to: &output)
    }

    /// Recursive along the plan's groups.
    ///
    /// - Parameter kept: the members that are sent back of what nothing is given for; nil for all.
    func writeGroup(
        _ group: Int16, over object: Int?, node: Int?, kept: [String]? = nil, to output: inout JSONOutput
    ) {
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let keepsRest = self.keepsRest(group)
        if keepsRest, let object {
            self.writeRest(group, of: object, node: node, kept: kept, behind: start, to: &output)
        }
        for child in 1..<max(1, self.operation.groups.count) {
            let row = self.operation.groups[child]
            guard row.parent == group, self.writer.isUsed(Int16(child)) else { continue }
            let found = self.find(OperationPlan.firstGroup + child, in: object, group, node)
            if keepsRest, found != nil { continue }
            self.writer.writeName(row.name, behind: start, to: &output)
            self.writeChild(Int16(child), over: found, node: self.below(node, found), to: &output)
        }
        for index in 0..<self.writer.pickCount {
            let pick = self.writer.picks[index]
            let row = self.writer.row(of: pick)
            guard row.pointee.group == group else { continue }
            let found = self.find(Int(pick.field), in: object, group, node)
            if keepsRest, found != nil || self.removes(pick, row) { continue }
            self.writer.writeName(row.pointee.name, behind: start, to: &output)
            self.writeValue(pick, row, over: found, node: self.below(node, found), to: &output)
        }
        if !self.operation.localized.isEmpty {
            self.writeNewTranslations(into: group, over: keepsRest ? object : nil, behind: start, to: &output)
        }
        if object == nil, !self.operation.constants.isEmpty {
            self.writer.writeConstants(of: group, behind: start, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Writes the members of the vendor's object, each with what is laid over it.
    private func writeRest(
        _ group: Int16, of object: Int, node: Int?, kept: [String]?, behind start: Int, to output: inout JSONOutput
    ) {
        let base = self.patch.base
        let names = self.operation.groupNames[Int(group)].view
        let end = base.next(after: object)
        var name = object + 1
        while name < end {
            let below = self.below(node, name)
            let place = names.value(of: name, in: base)
            defer { name = base.next(after: name + 1) }
            if below == Omissions.leftOut { continue }
            if place >= OperationPlan.firstGroup, self.writer.isUsed(Int16(place - OperationPlan.firstGroup)) {
                self.writeBaseName(name, behind: start, to: &output)
                self.writeChild(
                    Int16(place - OperationPlan.firstGroup), over: name, node: below, to: &output)
            } else if let row = self.translation(into: group, at: name) {
                // A translation that is cleared is one that the vendor's object does not have.
                guard row.value >= 0 else { continue }
                self.writeBaseName(name, behind: start, to: &output)
                output.append(bytes: self.patch.patch.raw(self.patch.patch[row.value]))
            } else if place >= 0, place < OperationPlan.firstGroup, let pick = self.writer.pick(of: place) {
                let row = self.writer.row(of: pick)
                if self.removes(pick, row) { continue }
                self.writeBaseName(name, behind: start, to: &output)
                self.writeValue(pick, row, over: name, node: below, to: &output)
            } else if kept?.contains(base.string(base[name])) ?? true {
                self.writeBaseName(name, behind: start, to: &output)
                self.patch.writeBase(name + 1, node: below, to: &output)
            }
        }
    }

    /// Writes what was picked, laid over the value of the vendor's member of that name, where there is one.
    func writeValue(
        _ pick: Pick, _ row: UnsafePointer<FieldRow>, over name: Int?, node: Int?, to output: inout JSONOutput
    ) {
        if row.pointee.isFormed, pick.value >= 0, let name, self.patch.base.kind(of: name + 1) == .array,
            let identity = self.operation.forms[Int(row.pointee.form)].identity
        {
            let form = self.operation.forms[Int(row.pointee.form)]
            self.writeIdentified(pick, form, identity, over: name + 1, to: &output)
            return
        }
        guard pick.value >= 0, !row.pointee.isFormed, self.keepsRest || row.pointee.mergesMap,
            self.patch.patch.kind(of: Int(pick.value)) == .object
        else {
            self.writer.writeValue(pick, row, to: &output)
            return
        }
        var patch = self.patch
        if row.pointee.hasEntryNames { patch.entryNames = self.operation.entryNames[Int(pick.field)] ?? [] }
        if let value = name.flatMap({ self.objectValue($0) }) {
            patch.merge(value, with: Int(pick.value), node: node, to: &output)
        } else {
            patch.writePatch(Int(pick.value), to: &output)
        }
    }

    /// Whether a pick takes the member away: RFC 7396's `null`.
    private func removes(_ pick: Pick, _ row: UnsafePointer<FieldRow>) -> Bool {
        pick.value == Pick.clearMark && row.pointee.removesByMerging
    }

    /// The name in the vendor's object of one of a group's places; nil where it is to be left out.
    func find(_ place: Int, in object: Int?, _ group: Int16, _ node: Int?) -> Int? {
        guard let object, group >= 0 else { return nil }
        let base = self.patch.base
        let names = self.operation.groupNames[Int(group)].view
        let end = base.next(after: object)
        var name = object + 1
        while name < end {
            if names.value(of: name, in: base) == place {
                return self.below(node, name) == Omissions.leftOut ? nil : name
            }
            name = base.next(after: name + 1)
        }
        return nil
    }

    /// The value of a member, where it is an object.
    func objectValue(_ name: Int) -> Int? { self.patch.base.kind(of: name + 1) == .object ? name + 1 : nil }

    func below(_ node: Int?, _ name: Int?) -> Int? {
        name.flatMap { self.patch.omissions?.node(below: node, $0, in: self.patch.base) }
    }

    func writeBaseName(_ name: Int, behind start: Int, to output: inout JSONOutput) {
        if output.count > start { output.append(UInt8(ascii: ",")) }
        output.append(bytes: self.patch.base.raw(self.patch.base[name]))
        output.append(UInt8(ascii: ":"))
    }
}
