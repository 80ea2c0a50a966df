import GatewayJSON

/// Lays one JSON object over another (RFC 7396), keeping the bytes of every value and the order of the members.
struct MergePatch {
    let base: JSONView
    let patch: JSONView
    /// Whether `null` removes, as in a merge patch; otherwise it is a value like any other.
    let nullRemoves: Bool
    var output: [UInt8] = []

    /// Objects with more members than this find each other's by a table rather than by looking at each.
    private static let tableMin = 16

    /// Writes the object at `baseIndex` with the object at `patchIndex` laid over it.
    ///
    /// Recursive; the parser's depth limit bounds it. Linear in the number of members.
    mutating func merge(_ baseIndex: Int, with patchIndex: Int) {
        self.output.append(UInt8(ascii: "{"))
        let start = self.output.count
        let patchNames = Names(self.patch, of: patchIndex)
        let end = self.base.next(after: baseIndex)
        var index = baseIndex + 1
        while index < end {
            self.member(index, patchNames, from: start)
            index = self.base.next(after: index + 1)
        }
        let baseNames = Names(self.base, of: baseIndex)
        let patchEnd = self.patch.next(after: patchIndex)
        var added = patchIndex + 1
        while added < patchEnd {
            let isRemoval = self.nullRemoves && self.patch[added + 1].kind == .null
            if !isRemoval, baseNames.find(self.patch, added) == nil {
                self.name(self.patch, added, from: start)
                self.apply(added + 1)
            }
            added = self.patch.next(after: added + 1)
        }
        self.output.append(UInt8(ascii: "}"))
    }

    private mutating func member(_ index: Int, _ patchNames: Names, from start: Int) {
        guard let over = patchNames.find(self.base, index) else {
            self.name(self.base, index, from: start)
            self.output.append(contentsOf: self.base.raw(self.base[index + 1]))
            return
        }
        let kind = self.patch[over + 1].kind
        if self.nullRemoves, kind == .null { return }
        self.name(self.base, index, from: start)
        if kind == .object, self.base[index + 1].kind == .object {
            self.merge(index + 1, with: over + 1)
        } else {
            self.apply(over + 1)
        }
    }

    /// Writes a patch's value where there was nothing: its nulls remove nothing and go.
    private mutating func apply(_ index: Int) {
        guard self.nullRemoves, self.patch[index].kind == .object else {
            self.output.append(contentsOf: self.patch.raw(self.patch[index]))
            return
        }
        self.output.append(UInt8(ascii: "{"))
        let start = self.output.count
        let end = self.patch.next(after: index)
        var child = index + 1
        while child < end {
            if self.patch[child + 1].kind != .null {
                self.name(self.patch, child, from: start)
                self.apply(child + 1)
            }
            child = self.patch.next(after: child + 1)
        }
        self.output.append(UInt8(ascii: "}"))
    }

    private mutating func name(_ view: JSONView, _ index: Int, from start: Int) {
        if self.output.count > start { self.output.append(UInt8(ascii: ",")) }
        self.output.append(contentsOf: view.raw(view[index]))
        self.output.append(UInt8(ascii: ":"))
    }

    /// The names of one object, to be found by the names of another.
    private struct Names {
        let view: JSONView
        var list: [Int] = []
        var table: [UInt32: [Int]] = [:]

        init(_ view: JSONView, of object: Int) {
            self.view = view
            let end = view.next(after: object)
            var index = object + 1
            while index < end {
                self.list.append(index)
                index = view.next(after: index + 1)
            }
            guard self.list.count > MergePatch.tableMin else { return }
            for index in self.list { self.table[view[index].link, default: []].append(index) }
        }

        /// The index of the name here that equals a name there.
        func find(_ other: JSONView, _ name: Int) -> Int? {
            let candidates = self.table.isEmpty ? self.list : self.table[other[name].link] ?? []
            return candidates.first { index in
                guard self.view[index].link == other[name].link else { return false }
                if !other[name].isEscaped {
                    return self.view.decodedContent(self.view[index], equals: other.content(other[name]))
                }
                return self.view.decoded(self.view[index]) == other.decoded(other[name])
            }
        }
    }
}
