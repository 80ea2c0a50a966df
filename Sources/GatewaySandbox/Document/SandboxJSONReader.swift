/// Reads JSON for the stand-ins: plain recursive descent, one function for each rule of RFC 8259.
///
/// Shares nothing with the gateway's own reader, so that the two check each other. Made for one document.
struct SandboxJSONReader {
    /// Deeper than any product, and far from the end of a thread's stack.
    private static let depthMax = 512

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The document: an object or an array, and nothing behind it.
    mutating func document() throws(SandboxJSONError) -> SandboxJSON {
        self.skipSpace()
        guard let first = self.current, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            throw self.mistake("An object or an array was expected")
        }
        let value = try self.value(depth: 1)
        self.skipSpace()
        guard self.index == self.bytes.count else { throw self.mistake("Something follows the end of the document") }
        return value
    }

    private mutating func value(depth: Int) throws(SandboxJSONError) -> SandboxJSON {
        guard depth <= Self.depthMax else { throw self.mistake("Values are nested too deeply") }
        guard let first = self.current else { throw self.mistake("A value was expected") }
        switch first {
        case UInt8(ascii: "{"): return .object(try self.object(depth: depth))
        case UInt8(ascii: "["): return .array(try self.array(depth: depth))
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try self.number())
        case UInt8(ascii: "t"): return try self.word("true", means: .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", means: .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", means: .null)
        default: throw self.mistake("A value was expected")
        }
    }

    private mutating func object(depth: Int) throws(SandboxJSONError) -> SandboxObject {
        var members: [SandboxObject.Member] = []
        var places: [String: Int] = [:]
        self.index += 1
        self.skipSpace()
        if self.take(UInt8(ascii: "}")) { return SandboxObject() }
        while true {
            guard self.current == UInt8(ascii: "\"") else { throw self.mistake("A member's name was expected") }
            let name = try self.string()
            self.skipSpace()
            guard self.take(UInt8(ascii: ":")) else { throw self.mistake("A colon was expected") }
            self.skipSpace()
            let value = try self.value(depth: depth + 1)
            if let place = places[name] {
                members[place].value = value
            } else {
                places[name] = members.count
                members.append(SandboxObject.Member(name: name, value: value))
            }
            self.skipSpace()
            if self.take(UInt8(ascii: "}")) { return SandboxObject(members) }
            guard self.take(UInt8(ascii: ",")) else { throw self.mistake("A comma or a closing brace was expected") }
            self.skipSpace()
        }
    }

    private mutating func array(depth: Int) throws(SandboxJSONError) -> [SandboxJSON] {
        var elements: [SandboxJSON] = []
        self.index += 1
        self.skipSpace()
        if self.take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try self.value(depth: depth + 1))
            self.skipSpace()
            if self.take(UInt8(ascii: "]")) { return elements }
            guard self.take(UInt8(ascii: ",")) else { throw self.mistake("A comma or a closing bracket was expected") }
            self.skipSpace()
        }
    }

    private mutating func word(
        _ word: StaticString, means value: SandboxJSON
    ) throws(SandboxJSONError) -> SandboxJSON {
        let matches = word.withUTF8Buffer { self.bytes[self.index...].starts(with: $0) }
        guard matches else { throw self.mistake("A value was expected") }
        self.index += word.utf8CodeUnitCount
        return value
    }

    /// RFC 8259 section 6: `[-] (0 | 1-9 digits) [. digits] [(e|E) [+|-] digits]`. What follows is the caller's to
    /// judge.
    private mutating func number() throws(SandboxJSONError) -> String {
        let start = self.index
        _ = self.take(UInt8(ascii: "-"))
        if !self.take(UInt8(ascii: "0")) { try self.digits() }
        if self.take(UInt8(ascii: ".")) { try self.digits() }
        if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
            if !self.take(UInt8(ascii: "+")) { _ = self.take(UInt8(ascii: "-")) }
            try self.digits()
        }
        return String(decoding: self.bytes[start..<self.index], as: UTF8.self)
    }

    private mutating func digits() throws(SandboxJSONError) {
        let start = self.index
        while let byte = self.current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { self.index += 1 }
        guard self.index > start else { throw self.mistake("A digit was expected") }
    }

    private mutating func string() throws(SandboxJSONError) -> String {
        self.index += 1
        let start = self.index
        var text: [UInt8] = []
        /// What of the string has been taken over; most have no escapes and are taken in one piece.
        var copied = start
        while let byte = self.current {
            switch byte {
            case UInt8(ascii: "\""):
                text.append(contentsOf: self.bytes[copied..<self.index])
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw self.mistake("The string is not UTF-8")
                }
                self.index += 1
                return string
            case UInt8(ascii: "\\"):
                text.append(contentsOf: self.bytes[copied..<self.index])
                self.index += 1
                try self.escape(into: &text)
                copied = self.index
            case 0..<0x20:
                throw self.mistake("A control character must be escaped")
            default:
                self.index += 1
            }
        }
        throw self.mistake("The string has no end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(SandboxJSONError) {
        guard let letter = self.current else { throw self.mistake("The string has no end") }
        self.index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: Character(try self.escapedScalar()).utf8)
        default: throw self.mistake("There is no such escape")
        }
    }

    /// The four digits behind `\u`, and the second half of a surrogate pair; halves on their own are no character.
    private mutating func escapedScalar() throws(SandboxJSONError) -> Unicode.Scalar {
        let first = try self.fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, self.take(UInt8(ascii: "\\")), self.take(UInt8(ascii: "u")) else {
            throw self.mistake("Half of a surrogate pair is no character")
        }
        let second = try self.fourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw self.mistake("Half of a surrogate pair is no character") }
        return scalar
    }

    private mutating func fourHexDigits() throws(SandboxJSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = self.current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw self.mistake("Four hexadecimal digits were expected")
            }
            value = value << 4 | UInt32(digit)
            self.index += 1
        }
        return value
    }

    // MARK: Bytes

    private var current: UInt8? {
        self.index < self.bytes.count ? self.bytes[self.index] : nil
    }

    /// Steps over that byte if it is the next.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.current == byte else { return false }
        self.index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = self.current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.index += 1 }
    }

    private func mistake(_ what: String) -> SandboxJSONError {
        SandboxJSONError(reason: "\(what) at byte \(self.index).")
    }
}
