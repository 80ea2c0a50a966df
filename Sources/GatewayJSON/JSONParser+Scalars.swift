extension JSONParser {
    /// Reads a string from its opening quote to behind its closing one. Returns whether it has escapes.
    ///
    /// Eight bytes at a time while they are plain ASCII; see Bit Twiddling Hacks, "Determine if a word has a
    /// byte less than n": only the lowest hit of such a test is exact, and only the lowest is used.
    mutating func string() throws(Fault) -> Bool {
        let raw = UnsafeRawPointer(self.base)
        let length = self.length
        var index = self.index &+ 1
        var isEscaped = false
        while true {
            while index &+ 8 <= length {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let special = Self.special(word)
                if special == 0 {
                    index &+= 8
                    continue
                }
                index &+= special.trailingZeroBitCount >> 3
                break
            }
            guard index < length else { throw Fault(reason: .unexpectedEnd, offset: length) }
            let byte = self.base[index]
            if byte == UInt8(ascii: "\"") {
                self.index = index &+ 1
                return isEscaped
            }
            if byte >= 0x80 {
                index = try self.endOfMultibyteRun(from: index)
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
                index = try self.endOfEscape(at: index)
            } else if byte < 0x20 {
                throw Fault(reason: .controlCharacter, offset: index)
            } else {
                index &+= 1
            }
        }
    }

    /// A bit in the top of each byte that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    private static func special(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let isQuote = (quote &- ones) & ~quote
        let isBackslash = (backslash &- ones) & ~backslash
        let isControl = (word &- 0x2020_2020_2020_2020) & ~word
        return (isQuote | isBackslash | isControl | word) & tops
    }

    /// Checks UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF) until the next ASCII byte.
    private func endOfMultibyteRun(from start: Int) throws(Fault) -> Int {
        var index = start
        while index < self.length {
            let lead = self.base[index]
            guard lead >= 0x80 else { return index }
            let second = index &+ 1 < self.length ? self.base[index &+ 1] : 0
            let third = index &+ 2 < self.length ? self.base[index &+ 2] : 0
            let fourth = index &+ 3 < self.length ? self.base[index &+ 3] : 0
            let length: Int
            switch lead {
            case 0xC2...0xDF:
                length = Self.continues(second) ? 2 : 0
            case 0xE0:
                length = second >= 0xA0 && second <= 0xBF && Self.continues(third) ? 3 : 0
            case 0xED:
                length = second >= 0x80 && second <= 0x9F && Self.continues(third) ? 3 : 0
            case 0xE1...0xEF:
                length = Self.continues(second) && Self.continues(third) ? 3 : 0
            case 0xF0:
                length = second >= 0x90 && second <= 0xBF && Self.continues(third) && Self.continues(fourth) ? 4 : 0
            case 0xF1...0xF3:
                length = Self.continues(second) && Self.continues(third) && Self.continues(fourth) ? 4 : 0
            case 0xF4:
                length = second >= 0x80 && second <= 0x8F && Self.continues(third) && Self.continues(fourth) ? 4 : 0
            default:
                length = 0
            }
            guard length > 0 else { throw Fault(reason: .invalidUTF8, offset: index) }
            index &+= length
        }
        return index
    }

    @inline(__always)
    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    private func endOfEscape(at start: Int) throws(Fault) -> Int {
        guard start &+ 1 < self.length else { throw self.ended() }
        switch self.base[start &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start &+ 2
        case UInt8(ascii: "u"):
            let unit = try self.hexUnit(at: start &+ 2)
            guard unit & 0xF800 == 0xD800 else { return start &+ 6 }
            guard unit & 0xFC00 == 0xD800, start &+ 7 < self.length, self.base[start &+ 6] == UInt8(ascii: "\\"),
                self.base[start &+ 7] == UInt8(ascii: "u"), try self.hexUnit(at: start &+ 8) & 0xFC00 == 0xDC00
            else { throw Fault(reason: .loneSurrogate, offset: start) }
            return start &+ 12
        default:
            throw Fault(reason: .invalidEscape, offset: start)
        }
    }

    private func hexUnit(at start: Int) throws(Fault) -> UInt32 {
        var unit: UInt32 = 0
        for index in start..<(start &+ 4) {
            guard index < self.length else { throw self.ended() }
            guard let digit = JSONEscapes.hexDigit(self.base[index]) else {
                throw Fault(reason: .invalidHexDigit, offset: index)
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Reads a number by the grammar of RFC 8259 §6, without computing its value.
    mutating func number() throws(Fault) {
        if self.base[self.index] == UInt8(ascii: "-") {
            self.index &+= 1
            if self.index < self.length, self.base[self.index] == UInt8(ascii: "I") {
                throw Fault(reason: .notANumberLiteral, offset: self.index &- 1)
            }
        }
        let first = self.index
        try self.digits()
        if self.base[first] == UInt8(ascii: "0"), self.index &- first > 1 {
            throw Fault(reason: .leadingZero, offset: first)
        }
        if self.index < self.length, self.base[self.index] == UInt8(ascii: ".") {
            self.index &+= 1
            try self.digits()
        }
        if self.index < self.length, self.base[self.index] | 0x20 == UInt8(ascii: "e") {
            self.index &+= 1
            if self.index < self.length,
                self.base[self.index] == UInt8(ascii: "+") || self.base[self.index] == UInt8(ascii: "-")
            {
                self.index &+= 1
            }
            try self.digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = self.index
        while self.index < self.length, self.base[self.index] &- 0x30 <= 9 { self.index &+= 1 }
        guard self.index > start else {
            throw self.index < self.length ? Fault(reason: .missingDigit, offset: self.index) : self.ended()
        }
    }

    mutating func literal(_ text: StaticString, _ kind: JSONKind) throws(Fault) {
        let start = self.index
        let size = text.utf8CodeUnitCount
        for offset in 0..<size {
            guard start &+ offset < self.length else { throw self.ended() }
            guard self.base[start &+ offset] == text.utf8Start[offset] else {
                let reason: JSONErrorReason = self.startsWith("nan", at: start) ? .notANumberLiteral : .misspelledLiteral
                throw Fault(reason: reason, offset: start)
            }
        }
        self.index = start &+ size
        self.append(kind, from: start, isEscaped: false)
    }

    /// Why the byte at hand cannot start a value, as precisely as one byte tells.
    func notAValue() -> Fault {
        let reason: JSONErrorReason
        switch self.base[self.index] {
        case UInt8(ascii: "N"), UInt8(ascii: "I"): reason = .notANumberLiteral
        case UInt8(ascii: "+"): reason = .leadingPlus
        case UInt8(ascii: "."): reason = .missingDigit
        case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "z"): reason = .misspelledLiteral
        default: reason = .expectedValue
        }
        return Fault(reason: reason, offset: self.index)
    }

    private func startsWith(_ text: StaticString, at start: Int) -> Bool {
        for offset in 0..<text.utf8CodeUnitCount {
            guard start &+ offset < self.length, self.base[start &+ offset] == text.utf8Start[offset] else {
                return false
            }
        }
        return true
    }
}
