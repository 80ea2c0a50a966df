import GatewayJSON

/// Writes what an update sets as a JSON array of pointers, in one pass and without a string: for the updates that have
/// no more members than there is room for, which are nearly all. `ChangedMembers` chooses among those of the others.
struct MemberListing {
    private let view: JSONView
    /// The pointer to where it is, as it stands within a JSON string.
    private var path: [UInt8] = []
    private var count = 0
    private var bytes = 0

    private init(of view: JSONView) {
        self.view = view
        self.path.reserveCapacity(JSONPointer.bytesMax)
    }

    /// - Parameter view: a body, whose root is an object.
    static func write(_ view: JSONView, to output: inout JSONOutput) {
        let start = output.count
        var listing = MemberListing(of: view)
        output.append(UInt8(ascii: "["))
        if !listing.list(0, to: &output) {
            output.truncate(to: start + 1)
            ChangedMembers(of: view).write(to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Writes the members of an object, and of those within it; false where there is no room for all.
    private mutating func list(_ object: Int, to output: inout JSONOutput) -> Bool {
        let prefix = self.path.count
        var index = object + 1
        let end = self.view.next(after: object)
        while index < end {
            self.enter(index)
            guard self.path.count <= JSONPointer.bytesMax else { return false }
            let value = index + 1
            if self.view.hasMembers(value) {
                guard self.list(value, to: &output) else { return false }
            } else {
                guard self.write(to: &output) else { return false }
            }
            self.path.removeLast(self.path.count - prefix)
            index = self.view.next(after: value)
        }
        return true
    }

    /// Goes on to what a name leads to.
    private mutating func enter(_ index: Int) {
        let name = self.view[index]
        let content = self.view.content(name)
        self.path.append(UInt8(ascii: "/"))
        let isPlain =
            !name.isEscaped && content.count <= JSONPointer.tokenBytesMax
            && !content.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
        if isPlain {
            self.path.append(bytes: content)
        } else {
            self.path.append(escaping: ChangedMembers.token(self.view.decoded(name)))
        }
    }

    private mutating func write(to output: inout JSONOutput) -> Bool {
        let isFirst = self.count == 0
        self.count += 1
        self.bytes += self.path.count + 3
        guard self.count <= ChangedMembers.pointersMax, self.bytes <= ChangedMembers.bytesMax else { return false }
        if !isFirst { output.append(UInt8(ascii: ",")) }
        output.append(UInt8(ascii: "\""))
        self.path.withUnsafeBufferPointer { output.append(bytes: $0) }
        output.append(UInt8(ascii: "\""))
        return true
    }
}

extension JSONView {
    /// Whether a value is an object with members.
    func hasMembers(_ index: Int) -> Bool { self[index].kind == .object && self.next(after: index) > index + 1 }
}
