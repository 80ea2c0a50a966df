import GatewayJSON

/// Lays one JSON object over another (RFC 7396), keeping the bytes of every value and the order of the members.
struct MergePatch {
    let base: JSONView
    let patch: JSONView
    /// Whether `null` removes, as in a merge patch; otherwise it is a value like any other.
    let nullRemoves: Bool
    /// Members of the base that are left out.
    var omissions: Omissions?
    /// Values of the patch that are left out.
    var dropped = DroppedValues()
    /// What the members of the entries of a map are called in the base, where the patch calls them otherwise.
    var entryNames: [(canonical: String, vendor: String)] = []

    /// Writes the object at `baseIndex` with the object at `patchIndex` laid over it.
    ///
    /// `node` is that of `omissions` for the base's object; `depth` counts from the object that the patch is.
    /// Recursive; the parser's depth limit bounds it. Linear in the number of members.
    func merge(
        _ baseIndex: Int, with patchIndex: Int, node: Int? = nil, depth: Int = 0, to output: inout JSONOutput
    ) {
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let patchNames = MemberNames(self.patch, of: patchIndex, calledOtherwise: self.entryNames(at: depth))
        let end = self.base.next(after: baseIndex)
        var name = baseIndex + 1
        while name < end {
            let below = self.omissions?.node(below: node, name, in: self.base)
            if below != Omissions.leftOut {
                self.writeMember(name, patchNames, node: below, depth: depth, behind: start, to: &output)
            }
            name = self.base.next(after: name + 1)
        }
        let baseNames = MemberNames(self.base, of: baseIndex)
        for added in patchNames.all where self.isGiven(added) {
            let found = patchNames.find(added, among: baseNames)
            let isLeftOut = found.map { self.omissions?.node(below: node, $0, in: self.base) == Omissions.leftOut }
            if isLeftOut == false { continue }
            patchNames.write(added, behind: start, to: &output)
            self.writePatch(added + 1, depth: depth + 1, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Writes a value of the base without what is left out of it.
    func writeBase(_ index: Int, node: Int?, to output: inout JSONOutput) {
        guard let node, let omissions = self.omissions, self.base.kind(of: index) == .object else {
            output.append(bytes: self.base.raw(self.base[index]))
            return
        }
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let end = self.base.next(after: index)
        var name = index + 1
        while name < end {
            let below = omissions.node(below: node, name, in: self.base)
            if below != Omissions.leftOut {
                self.writeBaseName(name, behind: start, to: &output)
                self.writeBase(name + 1, node: below, to: &output)
            }
            name = self.base.next(after: name + 1)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Writes a value of the patch where there was nothing: its nulls remove nothing and go.
    func writePatch(_ index: Int, depth: Int = 0, to output: inout JSONOutput) {
        guard self.patch.kind(of: index) == .object,
            self.nullRemoves || !self.dropped.isEmpty || !self.entryNames.isEmpty
        else {
            output.append(bytes: self.patch.raw(self.patch[index]))
            return
        }
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let names = MemberNames(self.patch, of: index, calledOtherwise: self.entryNames(at: depth))
        for name in names.all where self.isGiven(name) {
            names.write(name, behind: start, to: &output)
            self.writePatch(name + 1, depth: depth + 1, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func writeMember(
        _ name: Int, _ patchNames: MemberNames, node: Int?, depth: Int, behind start: Int, to output: inout JSONOutput
    ) {
        guard let over = patchNames.find(nameOf: name, in: self.base), !self.dropped.contains(over + 1) else {
            self.writeBaseName(name, behind: start, to: &output)
            self.writeBase(name + 1, node: node, to: &output)
            return
        }
        guard self.isGiven(over) else { return }
        self.writeBaseName(name, behind: start, to: &output)
        if self.patch.kind(of: over + 1) == .object, self.base.kind(of: name + 1) == .object {
            self.merge(name + 1, with: over + 1, node: node, depth: depth + 1, to: &output)
        } else {
            self.writePatch(over + 1, depth: depth + 1, to: &output)
        }
    }

    /// Whether a member of the patch has a value to be written.
    private func isGiven(_ name: Int) -> Bool {
        if self.nullRemoves, self.patch.kind(of: name + 1) == .null { return false }
        return !self.dropped.contains(name + 1)
    }

    private func writeBaseName(_ name: Int, behind start: Int, to output: inout JSONOutput) {
        if output.count > start { output.append(UInt8(ascii: ",")) }
        output.append(bytes: self.base.raw(self.base[name]))
        output.append(UInt8(ascii: ":"))
    }

    /// The members of a map's entries are one level below the map.
    private func entryNames(at depth: Int) -> [(canonical: String, vendor: String)] {
        depth == 1 ? self.entryNames : []
    }
}
