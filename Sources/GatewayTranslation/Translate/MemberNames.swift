import GatewayJSON

/// The names of one object's members, to be found by those of another.
struct MemberNames {
    let view: JSONView
    /// Where each name is.
    private(set) var all: [Int] = []
    /// What the names are called at the other's, where that is something else.
    private let calledOtherwise: [(canonical: String, vendor: String)]
    private var table: [UInt32: [Int]] = [:]

    /// Objects with more members than this are looked up in a table rather than by looking at each.
    private static let tableMin = 16

    init(
        _ view: JSONView, of object: Int, calledOtherwise: [(canonical: String, vendor: String)] = []
    ) {
        self.view = view
        self.calledOtherwise = calledOtherwise
        let end = view.next(after: object)
        var name = object + 1
        while name < end {
            self.all.append(name)
            name = view.next(after: name + 1)
        }
        guard self.all.count > Self.tableMin, calledOtherwise.isEmpty else { return }
        for name in self.all { self.table[view.hash(ofName: name), default: []].append(name) }
    }

    /// The name here that equals a name there.
    func find(nameOf other: Int, in otherView: JSONView) -> Int? {
        let entry = otherView[other]
        guard self.calledOtherwise.isEmpty else {
            let name = otherView.string(entry)
            return self.all.first { self.called($0) == name }
        }
        let hash = otherView.hash(ofName: other)
        let candidates = self.table.isEmpty ? self.all : self.table[hash] ?? []
        return candidates.first { own in
            guard self.view.hash(ofName: own) == hash else { return false }
            if !entry.isEscaped { return self.view.decodedContent(self.view[own], equals: otherView.content(entry)) }
            return self.view.decoded(self.view[own]) == otherView.decoded(entry)
        }
    }

    /// Where a name of this object is among another's.
    func find(_ own: Int, among others: MemberNames) -> Int? {
        guard !self.calledOtherwise.isEmpty else { return others.find(nameOf: own, in: self.view) }
        let name = self.called(own)
        return others.all.first { others.view.string(others.view[$0]) == name }
    }

    /// Writes a name as the other calls it, with its colon.
    func write(_ own: Int, behind start: Int, to output: inout JSONOutput) {
        if output.count > start { output.append(UInt8(ascii: ",")) }
        if self.calledOtherwise.isEmpty {
            output.append(bytes: self.view.raw(self.view[own]))
        } else {
            output.append(quoting: self.called(own))
        }
        output.append(UInt8(ascii: ":"))
    }

    private func called(_ own: Int) -> String {
        let name = self.view.string(self.view[own])
        return self.calledOtherwise.first { $0.canonical == name }?.vendor ?? name
    }
}
