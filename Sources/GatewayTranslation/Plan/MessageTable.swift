import GatewayJSON

/// The message templates of one dialect, laid flat: trivial rows, so that matching touches no reference counts.
/// Immutable.
final class MessageTable: Sendable {
    private enum Kind: UInt8 { case literal, field, text, anything }

    private struct Row: BitwiseCopyable {
        let kind: Kind
        let literal: PooledBytes
    }

    /// What a message says about which field: parts of the message, unquoted.
    struct Match {
        let field: Range<Int>
        /// What `{text}` stands for; nil where the template has none.
        let text: Range<Int>?
    }

    let count: Int
    private let rows: FrozenBuffer<Row>
    /// Where each template's rows end.
    private let ends: FrozenBuffer<Int>
    private let pool: FrozenBuffer<UInt8>

    init(_ templates: [MessageTemplate]) {
        var pool = BytePoolBuilder()
        var rows: [Row] = []
        var ends: [Int] = []
        for template in templates {
            for part in template.parts {
                switch part {
                case .literal(let bytes): rows.append(Row(kind: .literal, literal: pool.add(bytes)))
                case .field: rows.append(Row(kind: .field, literal: PooledBytes()))
                case .text: rows.append(Row(kind: .text, literal: PooledBytes()))
                case .anything: rows.append(Row(kind: .anything, literal: PooledBytes()))
                }
            }
            ends.append(rows.count)
        }
        self.count = templates.count
        self.rows = FrozenBuffer(rows)
        self.ends = FrozenBuffer(ends)
        self.pool = FrozenBuffer(pool.bytes)
    }

    /// Matches a whole message against one template: left to right, without going back.
    func match(_ template: Int, _ message: UnsafeBufferPointer<UInt8>) -> Match? {
        var row = template == 0 ? 0 : self.ends[template - 1]
        let end = self.ends[template]
        var position = 0
        var field: Range<Int>?
        var text: Range<Int>?
        while row < end {
            let kind = self.rows[row].kind
            row &+= 1
            if kind == .literal {
                let literal = self.pool.view(self.rows[row &- 1].literal)
                guard Self.occurs(literal, at: position, in: message) else { return nil }
                position &+= literal.count
                continue
            }
            // Templates have no two holes that touch: behind a hole comes a literal, or the end.
            var behind = message.count
            if row < end {
                let literal = self.pool.view(self.rows[row].literal)
                guard let found = Self.find(literal, in: message, from: position, atEnd: row &+ 1 == end) else {
                    return nil
                }
                behind = found
            }
            if kind == .field { field = position..<behind } else if kind == .text { text = position..<behind }
            position = behind
        }
        guard position == message.count, let field, Self.isFieldName(message, field) else { return nil }
        let name = Self.unpunctuated(message, Self.unquoted(message, Self.unpunctuated(message, field)))
        return name.isEmpty ? nil : Match(field: name, text: text)
    }

    private static func occurs(
        _ literal: UnsafeBufferPointer<UInt8>, at place: Int, in message: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard message.count &- place >= literal.count, let base = message.baseAddress else { return false }
        return JSONView.areEqual(UnsafeBufferPointer(start: base + place, count: literal.count), literal)
    }

    private static func find(
        _ literal: UnsafeBufferPointer<UInt8>, in message: UnsafeBufferPointer<UInt8>, from start: Int, atEnd: Bool
    ) -> Int? {
        guard message.count &- start >= literal.count, literal.count > 0 else { return nil }
        let last = message.count &- literal.count
        if atEnd { return self.occurs(literal, at: last, in: message) ? last : nil }
        guard let base = message.baseAddress else { return nil }
        let first = literal[0]
        var place = base + start
        while place <= base + last {
            if place.pointee == first, self.occurs(literal, at: base.distance(to: place), in: message) {
                return base.distance(to: place)
            }
            place += 1
        }
        return nil
    }

    /// A field's name is one word. 256 bytes are several times any name in the vendors' pages.
    private static func isFieldName(_ message: UnsafeBufferPointer<UInt8>, _ field: Range<Int>) -> Bool {
        guard !field.isEmpty, field.count <= 256 else { return false }
        return message[field].allSatisfy { $0 > 0x20 }
    }

    /// Without what ends a part of a sentence: `name: can not be empty`.
    private static func unpunctuated(_ message: UnsafeBufferPointer<UInt8>, _ field: Range<Int>) -> Range<Int> {
        var end = field.upperBound
        while end > field.lowerBound {
            switch message[end - 1] {
            case UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "."): end -= 1
            default: return field.lowerBound..<end
            }
        }
        return field.lowerBound..<end
    }

    private static func unquoted(_ message: UnsafeBufferPointer<UInt8>, _ field: Range<Int>) -> Range<Int> {
        guard field.count > 2 else { return field }
        switch (message[field.lowerBound], message[field.upperBound - 1]) {
        case (UInt8(ascii: "'"), UInt8(ascii: "'")), (UInt8(ascii: "\""), UInt8(ascii: "\"")),
            (UInt8(ascii: "`"), UInt8(ascii: "`")), (UInt8(ascii: "<"), UInt8(ascii: ">")),
            (UInt8(ascii: "["), UInt8(ascii: "]")):
            return (field.lowerBound + 1)..<(field.upperBound - 1)
        default:
            return field
        }
    }
}
