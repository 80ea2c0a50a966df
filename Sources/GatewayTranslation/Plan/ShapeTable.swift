/// Shapes laid flat: trivial rows that refer to each other by index, so that checking touches no reference counts.
struct ShapeRow: BitwiseCopyable {
    var types: UInt8 = 0
    var openness: UInt8 = 0
    var nullClears = false
    /// True where only the types matter, or nothing at all.
    var isPlain = true
    /// Whether a text of its `characters` is a decimal number.
    var isDecimal = false
    var lengthMin: Int32 = -1
    var lengthMax: Int32 = -1
    /// A text of so many bytes has a right length for sure; others have to be counted.
    var bytesSurelyMin: Int32 = 0
    var bytesSurelyMax: Int32 = .max
    var itemsMin: Int32 = -1
    var itemsMax: Int32 = -1
    var minimum: Int32 = -1
    var maximum: Int32 = -1
    var characters: Int16 = -1
    var items: Int16 = -1
    var values: Int16 = -1
    var choices: Int16 = -1
    var choiceCount: Int16 = 0
    var members: Int16 = -1
    var memberCount: Int16 = 0
    /// One bit for each of the first 64 members, and for each 64th behind them.
    var requiredMembers: UInt64 = 0
}

struct ShapeMemberRow: BitwiseCopyable {
    var name: PooledBytes
    /// As the parser hashes it.
    var hash: UInt32
    var shape: Int16
    var isRequired: Bool
}

/// The flat form of all shapes of one plan.
final class ShapeTable: Sendable {
    let rows: FrozenBuffer<ShapeRow>
    let members: FrozenBuffer<ShapeMemberRow>
    /// 256 bytes for each rule: 1 where the byte value is allowed.
    let characters: FrozenBuffer<UInt8>
    let choices: FrozenBuffer<PooledBytes>
    let pool: FrozenBuffer<UInt8>
    /// What each character rule says, for messages.
    let characterSentences: [String]

    init(
        rows: [ShapeRow], members: [ShapeMemberRow], characters: [UInt8], choices: [PooledBytes], pool: [UInt8],
        characterSentences: [String]
    ) {
        self.rows = FrozenBuffer(rows)
        self.members = FrozenBuffer(members)
        self.characters = FrozenBuffer(characters)
        self.choices = FrozenBuffer(choices)
        self.pool = FrozenBuffer(pool)
        self.characterSentences = characterSentences
    }
}

/// Lays shapes flat.
struct ShapeTableBuilder {
    private var rows: [ShapeRow] = []
    private var members: [ShapeMemberRow] = []
    private var characters: [UInt8] = []
    private var sentences: [String] = []
    private var choices: [PooledBytes] = []
    private var pool = BytePoolBuilder()

    /// Adds a shape and all it contains; the index of its row. Shapes are trees, so this ends.
    mutating func add(_ shape: Shape) -> Int16 {
        let index = self.rows.count
        self.rows.append(ShapeRow())
        var row = ShapeRow()
        row.types = shape.types.rawValue
        row.openness = shape.openness.rawValue
        row.nullClears = shape.nullClears
        row.lengthMin = shape.lengthMin.map { Int32(clamping: $0) } ?? -1
        row.lengthMax = shape.lengthMax.map { Int32(clamping: $0) } ?? -1
        // A text never has more characters than bytes, and the longest character is an escaped surrogate pair: twelve
        // bytes. Whatever is not empty has one.
        row.bytesSurelyMin =
            row.lengthMin <= 1
            ? max(0, row.lengthMin) : Int32(clamping: Int(row.lengthMin) * 12)
        row.bytesSurelyMax = row.lengthMax >= 0 ? row.lengthMax : .max
        row.itemsMin = shape.itemsMin.map { Int32(clamping: $0) } ?? -1
        row.itemsMax = shape.itemsMax.map { Int32(clamping: $0) } ?? -1
        row.isDecimal = shape.isDecimal
        row.minimum = shape.minimum.map { Int32(clamping: $0) } ?? -1
        row.maximum = shape.maximum.map { Int32(clamping: $0) } ?? -1
        if let rule = shape.characters {
            row.characters = Int16(self.sentences.count)
            self.characters += rule.allowedBytes
            self.sentences.append(rule.sentence)
        }
        if let choices = shape.choices {
            row.choices = Int16(self.choices.count)
            row.choiceCount = Int16(choices.count)
            for choice in choices { self.choices.append(self.pool.add(choice.utf8)) }
        }
        if let items = shape.items { row.items = self.addUnlessAnything(items) }
        if let values = shape.values { row.values = self.addUnlessAnything(values) }
        if !shape.members.isEmpty {
            let rows = shape.members.map { member in
                ShapeMemberRow(
                    name: self.pool.add(member.name.utf8), hash: NameTable.hash(member.name),
                    shape: self.add(member.shape), isRequired: member.isRequired)
            }
            row.members = Int16(self.members.count)
            row.memberCount = Int16(rows.count)
            self.members += rows
            for (position, member) in rows.enumerated() where member.isRequired {
                row.requiredMembers |= 1 << UInt64(position & 63)
            }
        }
        row.isPlain =
            row.lengthMin < 0 && row.lengthMax < 0 && row.itemsMin < 0 && row.itemsMax < 0 && row.minimum < 0
            && row.maximum < 0 && row.characters < 0 && row.items < 0 && row.values < 0 && row.choices < 0
            && row.memberCount == 0 && row.openness == 0 && !row.nullClears
        self.rows[index] = row
        return Int16(index)
    }

    /// -1 for a shape that everything has: nothing needs to be checked.
    private mutating func addUnlessAnything(_ shape: Shape) -> Int16 {
        let index = self.add(shape)
        let row = self.rows[Int(index)]
        return row.isPlain && row.types == Shape.Types.any.rawValue ? -1 : index
    }

    func table() -> ShapeTable {
        ShapeTable(
            rows: self.rows, members: self.members, characters: self.characters, choices: self.choices,
            pool: self.pool.bytes, characterSentences: self.sentences)
    }
}
