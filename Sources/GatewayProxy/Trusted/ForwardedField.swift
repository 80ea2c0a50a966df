/// Reads `Forwarded` (RFC 7239 section 4): a list of elements, each with pairs of a name and a value, which may be a
/// quoted string. One that breaks the grammar is not read at all: whoever wrote it may have hidden something in it.
struct ForwardedField {
    private let bytes: [UInt8]
    private var index = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What each element says in `for`, unquoted; nil in the place of an element that has none. Nil for what is no
    /// such field.
    static func sources(in bytes: [UInt8]) -> [[UInt8]?]? {
        var field = ForwardedField(bytes)
        var sources: [[UInt8]?] = []
        while true {
            field.skipBlanks()
            // Empty elements of a list count for nothing (RFC 9110 section 5.6.1.2).
            if !field.isAtEnd, !field.isAt(UInt8(ascii: ",")) {
                guard let element = field.element() else { return nil }
                sources.append(element.source)
            }
            guard !field.isAtEnd else { return sources }
            guard field.take(UInt8(ascii: ",")) else { return nil }
        }
    }

    private struct Element {
        var source: [UInt8]?
        var names: Set<[UInt8]> = []
    }

    private mutating func element() -> Element? {
        var element = Element()
        while true {
            self.skipBlanks()
            if !self.isAt(UInt8(ascii: ";")), !self.isAt(UInt8(ascii: ",")), !self.isAtEnd {
                let name = self.token(Self.isTokenByte).map { byte in
                    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
                }
                // No name occurs twice in an element.
                guard !name.isEmpty, self.take(UInt8(ascii: "=")), let value = self.value(),
                    element.names.insert(name).inserted
                else { return nil }
                if name.elementsEqual("for".utf8) { element.source = value }
                self.skipBlanks()
            }
            guard self.take(UInt8(ascii: ";")) else {
                return self.isAtEnd || self.isAt(UInt8(ascii: ",")) ? element : nil
            }
        }
    }

    private mutating func value() -> [UInt8]? {
        guard self.take(UInt8(ascii: "\"")) else {
            // Addresses with a colon or brackets ought to be quoted, and are not by everybody; nothing else can be
            // meant.
            let value = self.token { Self.isTokenByte($0) || [0x3A, 0x5B, 0x5D].contains($0) }
            return value.isEmpty ? nil : value
        }
        var value: [UInt8] = []
        while self.index < self.bytes.count {
            var byte = self.bytes[self.index]
            self.index += 1
            if byte == UInt8(ascii: "\"") { return value }
            if byte == UInt8(ascii: "\\") {
                guard self.index < self.bytes.count else { return nil }
                byte = self.bytes[self.index]
                self.index += 1
            }
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else { return nil }
            value.append(byte)
        }
        return nil
    }

    private mutating func token(_ belongs: (UInt8) -> Bool) -> [UInt8] {
        let start = self.index
        while self.index < self.bytes.count, belongs(self.bytes[self.index]) { self.index += 1 }
        return Array(self.bytes[start..<self.index])
    }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private var isAtEnd: Bool { self.index >= self.bytes.count }

    private func isAt(_ byte: UInt8) -> Bool { self.index < self.bytes.count && self.bytes[self.index] == byte }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.isAt(byte) else { return false }
        self.index += 1
        return true
    }

    private mutating func skipBlanks() {
        while self.isAt(UInt8(ascii: " ")) || self.isAt(0x09) { self.index += 1 }
    }
}
