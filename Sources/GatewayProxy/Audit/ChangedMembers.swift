import GatewayIdentity
import GatewayJSON

/// Chooses which members a line of the audit names where an update has more than there is room for. Names them by
/// pointers; never a value.
///
/// Goes through the body level by level, so that the members of the product are always there, and what lies deeper as
/// far as there is room. Each object with members is replaced by these; one that has more than there is room for stays
/// for all that is in it, or is replaced by some, and the others are counted. So the list is bounded whatever names a
/// body has and however many, and leaves nothing out that is not counted or within a member that it names.
struct ChangedMembers {
    private struct Entry {
        let pointer: String
        /// Of the value in the body.
        let value: Int
        /// As a JSON string behind a comma.
        let bytes: Int
        var isListed = true

        init(pointer: String, value: Int) {
            var pointer = pointer
            self.bytes = pointer.withUTF8 { text in
                var bytes = text.count + 3
                for byte in text where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    bytes += byte < 0x20 ? 5 : 1
                }
                return bytes
            }
            self.pointer = pointer
            self.value = value
        }
    }

    /// A product has some thirty members.
    static let pointersMax = 100
    /// Of all pointers as JSON: a line is 32 KiB at most.
    static let bytesMax = 26 * 1024
    /// Fewer of an object's members say less than the object itself.
    private static let fewMembers = 10

    private let view: JSONView
    private var entries: [Entry] = []
    private var listed = 0
    private var bytes = 0
    /// Entries with members that have not been looked at.
    private var objectsAhead = 0
    /// How many there are beyond those that are listed, and not within one of them.
    private(set) var further = 0

    /// - Parameter view: a body, whose root is an object.
    init(of view: JSONView) {
        self.view = view
        let members = self.members(of: 0, behind: "", atMost: Self.pointersMax)
        for entry in members.entries {
            guard self.bytes + entry.bytes <= Self.bytesMax else {
                self.further += 1
                continue
            }
            self.append(entry)
        }
        self.further += members.further
        var position = 0
        while position < self.entries.count {
            self.expand(position)
            position += 1
        }
    }

    /// In the order of the body.
    var pointers: [String] { self.entries.filter(\.isListed).sorted { $0.value < $1.value }.map(\.pointer) }

    /// Writes them as elements of a JSON array, and behind them how many more there are.
    func write(to output: inout JSONOutput) {
        for (position, pointer) in self.pointers.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            output.append(quoting: pointer)
        }
        guard self.further > 0 else { return }
        if self.listed > 0 { output.append(UInt8(ascii: ",")) }
        output.append(quoting: "and \(self.further) more")
    }

    /// Puts an object's members in its place, as far as there is room.
    private mutating func expand(_ position: Int) {
        let object = self.entries[position]
        guard self.hasMembers(object) else { return }
        self.objectsAhead -= 1
        let room = Self.pointersMax - self.listed + 1
        // Half of it is left to the others, where there are others.
        let share = self.objectsAhead > 0 ? max(1, room / 2) : room
        let members = self.members(of: object.value, behind: object.pointer, atMost: share)
        let bytes = self.bytes - object.bytes + members.entries.reduce(0) { $0 + $1.bytes }
        guard members.further == 0 || members.entries.count >= Self.fewMembers, bytes <= Self.bytesMax,
            members.entries.allSatisfy({ $0.pointer.utf8.count <= JSONPointer.bytesMax })
        else { return }
        self.entries[position].isListed = false
        self.listed -= 1
        self.bytes -= object.bytes
        self.further += members.further
        for member in members.entries { self.append(member) }
    }

    private mutating func append(_ entry: Entry) {
        self.entries.append(entry)
        self.listed += 1
        self.bytes += entry.bytes
        if self.hasMembers(entry) { self.objectsAhead += 1 }
    }

    private func hasMembers(_ entry: Entry) -> Bool { self.view.hasMembers(entry.value) }

    /// The first members of an object, and how many there are beyond those.
    private func members(
        of object: Int, behind prefix: String, atMost countMax: Int
    ) -> (entries: [Entry], further: Int) {
        var entries: [Entry] = []
        var further = 0
        var index = object + 1
        let end = self.view.next(after: object)
        while index < end {
            if entries.count < countMax {
                entries.append(
                    Entry(pointer: prefix + "/" + Self.token(self.view.decoded(self.view[index])), value: index + 1))
            } else {
                further += 1
            }
            index = self.view.next(after: index + 1)
        }
        return (entries, further)
    }

    /// A name as a token of a pointer.
    static func token(_ name: [UInt8]) -> String { JSONPointer.escape(Digest.abridged(name)) }
}
