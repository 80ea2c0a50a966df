extension JSONParser {
    /// Where a number without sign and exponent ends, as nearly all numbers are; or `start` where it is another, or
    /// none.
    @inline(__always)
    static func endOfPlainNumber(_ base: UnsafePointer<UInt8>, at start: Int, _ length: Int) -> Int {
        // One more byte than there are digits is looked at.
        guard length &- start > 20, base[start] &- 0x31 <= 8 else { return start }
        let last = start &+ 20
        var index = start &+ 1
        while index < last, base[index] &- 0x30 <= 9 { index &+= 1 }
        if base[index] == UInt8(ascii: ".") {
            let point = index
            index &+= 1
            while index < last, base[index] &- 0x30 <= 9 { index &+= 1 }
            guard index > point &+ 1 else { return start }
        }
        // What may stand behind a number; all that makes it another one is none of these.
        let behind = base[index]
        return behind == UInt8(ascii: ",") || behind | 0x20 == UInt8(ascii: "}") ? index : start
    }

    /// Reads a number by the grammar of RFC 8259 §6, without computing its value; where it ends.
    static func endOfNumber(
        _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        var index = start
        if base[index] == UInt8(ascii: "-") {
            index &+= 1
            if index < length, base[index] == UInt8(ascii: "I") {
                throw SyntaxError(reason: .notANumberLiteral, offset: start)
            }
        }
        let first = index
        index = try self.endOfDigits(base, from: first, length)
        if base[first] == UInt8(ascii: "0"), index &- first > 1 {
            throw SyntaxError(reason: .leadingZero, offset: first)
        }
        if index < length, base[index] == UInt8(ascii: ".") {
            index = try self.endOfDigits(base, from: index &+ 1, length)
        }
        if index < length, base[index] | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if index < length, base[index] == UInt8(ascii: "+") || base[index] == UInt8(ascii: "-") {
                index &+= 1
            }
            index = try self.endOfDigits(base, from: index, length)
        }
        return index
    }

    /// At least one digit.
    @inline(__always)
    private static func endOfDigits(
        _ base: UnsafePointer<UInt8>, from start: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        var index = start
        while index < length, base[index] &- 0x30 <= 9 { index &+= 1 }
        guard index > start else {
            throw index < length ? SyntaxError(reason: .missingDigit, offset: index) : self.ended(length)
        }
        return index
    }

    /// Which of the three literals starts here.
    static func literal(
        _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) throws(SyntaxError) -> JSONKind {
        if start &+ 5 < length {
            // Read as `pair` reads two bytes.
            let word = UInt32(
                littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: start, as: UInt32.self))
            if word == 0x6575_7274 { return .true }
            if word == 0x6C6C_756E { return .null }
            if word == 0x736C_6166, base[start &+ 4] == UInt8(ascii: "e") { return .false }
        }
        let byte = base[start]
        if byte == UInt8(ascii: "t") {
            try self.expect("true", base, at: start, length)
            return .true
        }
        if byte == UInt8(ascii: "f") {
            try self.expect("false", base, at: start, length)
            return .false
        }
        guard byte == UInt8(ascii: "n") else { throw self.notAValue(base, at: start) }
        try self.expect("null", base, at: start, length)
        return .null
    }

    @inline(__always)
    private static func expect(
        _ text: StaticString, _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) throws(SyntaxError) {
        for offset in 1..<text.utf8CodeUnitCount {
            guard start &+ offset < length else { throw self.ended(length) }
            guard base[start &+ offset] == text.utf8Start[offset] else {
                let isNaN = self.startsWith("nan", base, at: start, length)
                let reason: JSONErrorReason = isNaN ? .notANumberLiteral : .misspelledLiteral
                throw SyntaxError(reason: reason, offset: start)
            }
        }
    }

    /// Why the byte at hand cannot start a value, as precisely as one byte tells.
    private static func notAValue(_ base: UnsafePointer<UInt8>, at index: Int) -> SyntaxError {
        let reason: JSONErrorReason
        switch base[index] {
        case UInt8(ascii: "N"), UInt8(ascii: "I"): reason = .notANumberLiteral
        case UInt8(ascii: "+"): reason = .leadingPlus
        case UInt8(ascii: "."): reason = .missingDigit
        case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "z"): reason = .misspelledLiteral
        default: reason = .expectedValue
        }
        return SyntaxError(reason: reason, offset: index)
    }

    private static func startsWith(
        _ text: StaticString, _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) -> Bool {
        for offset in 0..<text.utf8CodeUnitCount {
            guard start &+ offset < length, base[start &+ offset] == text.utf8Start[offset] else {
                return false
            }
        }
        return true
    }
}
