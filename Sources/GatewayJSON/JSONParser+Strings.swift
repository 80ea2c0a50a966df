internal import CTextScan

extension JSONParser {
    /// Reads a string from its opening quote to behind its closing one, and says whether it has escapes.
    ///
    /// `isValid` says that the text is known to be valid UTF-8.
    @inline(__always)
    static func string(
        _ base: UnsafePointer<UInt8>, from start: Int, _ length: Int, isValid: Bool
    ) throws(SyntaxError) -> (end: Int, isEscaped: Bool) {
        guard isValid else {
            return try self.restOfString(
                base, from: self.endOfPlain(base, from: start &+ 1, length), length, isValid: false, isEscaped: false)
        }
        // Most strings are so short that going to where wider steps are taken would take longer.
        var index = start &+ 1
        let last = min(length, start &+ self.shortStringMax) &- 16
        while index <= last {
            let special = text_scan_special(base + index)
            if special != 0 {
                index &+= special.trailingZeroBitCount
                if base[index] == UInt8(ascii: "\"") { return (index &+ 1, false) }
                break
            }
            index &+= 16
        }
        let stop = text_scan_string(base, index, length)
        if stop.place < length, base[stop.place] == UInt8(ascii: "\"") {
            return (stop.place &+ 1, stop.has_escapes)
        }
        return try self.restOfString(base, from: stop.place, length, isValid: true, isEscaped: stop.has_escapes)
    }

    /// A string of so many bytes, its first quote included, is looked at in steps of 16 where it stands.
    private static let shortStringMax = 65

    /// The first byte from `start` on that is a quote, a backslash, a control character or not ASCII; or the end.
    @inline(__always)
    private static func endOfPlain(_ base: UnsafePointer<UInt8>, from start: Int, _ length: Int) -> Int {
        let raw = UnsafeRawPointer(base)
        var index = start
        while index &+ 16 <= length {
            let words = self.special(raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)).words
            if words.first != 0 { return index &+ words.first.trailingZeroBitCount >> 3 }
            if words.second != 0 { return index &+ 8 &+ words.second.trailingZeroBitCount >> 3 }
            index &+= 16
        }
        while index < length {
            let byte = base[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte &- 0x20 >= 0x60 { return index }
            index &+= 1
        }
        return index
    }

    /// The top bit of each byte that is a quote, a backslash, a control character or not ASCII, and no other bit.
    ///
    /// Nothing but arithmetic of single bytes: the top bit of a difference says that it
    /// went below zero, where the top bit of the byte itself was not set; and where it was, the byte is not ASCII.
    /// Turning one bit around swaps the quote with the space, so that it comes to stand right behind the control
    /// characters, and one difference tells of all of them. Comparisons of vectors would be made byte after byte.
    @inline(__always)
    private static func special(_ block: SIMD16<UInt8>) -> SIMD16<UInt8> {
        let quotesAndControls = (block ^ SIMD16(repeating: 0x02)) &- SIMD16(repeating: 0x21)
        let backslashes = (block ^ SIMD16(repeating: UInt8(ascii: "\\"))) &- SIMD16(repeating: 1)
        return (quotesAndControls | backslashes | block) & SIMD16(repeating: 0x80)
    }

    /// The size of a name that is no longer than 15 bytes, has no escapes and is directly followed by its colon, which
    /// is not the text's end; or -1. Nearly all names are like that.
    @inline(__always)
    static func sizeOfShortName(_ base: UnsafePointer<UInt8>, from start: Int, _ length: Int) -> Int {
        guard start &+ 20 <= length else { return -1 }
        let name = base + (start &+ 1)
        let special = text_scan_special(name)
        guard special != 0 else { return -1 }
        let size = special.trailingZeroBitCount
        return self.pair(name, at: size) == self.quoteAndColon ? size : -1
    }

    /// The hash of fewer than 16 bytes that at least 16 can be read of.
    @inline(__always)
    static func hash(_ name: UnsafePointer<UInt8>, _ size: Int, _ seed: JSONNameHash.Seed) -> UInt32 {
        let words = text_scan_first(name, size)
        return JSONNameHash.hash(
            UInt64(littleEndian: words.first), UInt64(littleEndian: words.second), count: size, seed: seed)
    }

    /// Reads a member's name, as `string` does, and hashes it.
    @inline(never)
    static func name(
        _ base: UnsafePointer<UInt8>, from start: Int, _ length: Int, _ seed: JSONNameHash.Seed, isValid: Bool
    ) throws(SyntaxError) -> (end: Int, hash: UInt32, isEscaped: Bool) {
        let (end, isEscaped) = try self.string(base, from: start, length, isValid: isValid)
        let hash =
            isEscaped
            ? self.hashOfEscaped(base, from: start, to: end, seed)
            : JSONNameHash.hash(base + start + 1, count: end &- start &- 2, seed: seed)
        return (end, hash, isEscaped)
    }

    /// The same as `string` from a later byte on, whatever it is.
    @inline(never)
    private static func restOfString(
        _ base: UnsafePointer<UInt8>, from start: Int, _ length: Int, isValid: Bool, isEscaped: Bool
    ) throws(SyntaxError) -> (end: Int, isEscaped: Bool) {
        var isEscaped = isEscaped
        var index = start
        while index < length {
            let byte = base[index]
            if byte == UInt8(ascii: "\"") {
                return (index &+ 1, isEscaped)
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
                index = try self.endOfEscape(base, at: index, length)
                if isValid { index = text_scan_string(base, index, length).place }
            } else if byte < 0x20 {
                throw SyntaxError(reason: .controlCharacter, offset: index)
            } else if isValid {
                index = JSONEscapes.endOfPlain(base, from: index, length)
            } else {
                if byte >= 0x80 { index = try self.endOfMultibyteRun(base, from: index, length) }
                index = self.endOfPlain(base, from: index, length)
            }
        }
        throw SyntaxError(reason: .unexpectedEnd, offset: length)
    }

    /// Checks UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF) until the next ASCII byte.
    @inline(__always)
    private static func endOfMultibyteRun(
        _ base: UnsafePointer<UInt8>, from start: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        let raw = UnsafeRawPointer(base)
        var index = start
        // Two and three bytes in one comparison: which bits must be set, and which not.
        while index &+ 4 <= length {
            let word = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            if word & 0x80 == 0 { return index }
            if word & 0xC0E0 == 0x80C0, word & 0x1E != 0 {
                index &+= 2
            } else if word & 0xC0_C0F0 == 0x80_80E0, word & 0x200F != 0, word & 0x200F != 0x200D {
                index &+= 3
            } else {
                index = try self.endOfSequence(base, at: index, length)
            }
        }
        while index < length, base[index] >= 0x80 {
            index = try self.endOfSequence(base, at: index, length)
        }
        return index
    }

    /// The end of one sequence of two to four bytes, by the table of RFC 3629 §4.
    @inline(never)
    private static func endOfSequence(
        _ base: UnsafePointer<UInt8>, at index: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        let second = index &+ 1 < length ? base[index &+ 1] : 0
        let third = index &+ 2 < length ? base[index &+ 2] : 0
        let fourth = index &+ 3 < length ? base[index &+ 3] : 0
        let size: Int
        switch base[index] {
        case 0xC2...0xDF:
            size = self.continues(second) ? 2 : 0
        case 0xE0:
            size = second >= 0xA0 && second <= 0xBF && self.continues(third) ? 3 : 0
        case 0xED:
            size = second >= 0x80 && second <= 0x9F && self.continues(third) ? 3 : 0
        case 0xE1...0xEF:
            size = self.continues(second) && self.continues(third) ? 3 : 0
        case 0xF0:
            size = second >= 0x90 && second <= 0xBF && self.continues(third) && self.continues(fourth) ? 4 : 0
        case 0xF1...0xF3:
            size = self.continues(second) && self.continues(third) && self.continues(fourth) ? 4 : 0
        case 0xF4:
            size = second >= 0x80 && second <= 0x8F && self.continues(third) && self.continues(fourth) ? 4 : 0
        default:
            size = 0
        }
        guard size > 0 else { throw SyntaxError(reason: .invalidUTF8, offset: index) }
        return index &+ size
    }

    @inline(__always)
    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    @inline(__always)
    private static func endOfEscape(
        _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        guard start &+ 1 < length else { throw SyntaxError(reason: .unexpectedEnd, offset: length) }
        switch base[start &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start &+ 2
        case UInt8(ascii: "u"):
            return try self.endOfUnicodeEscape(base, at: start, length)
        default:
            throw SyntaxError(reason: .invalidEscape, offset: start)
        }
    }

    @inline(never)
    private static func endOfUnicodeEscape(
        _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        let unit = try self.hexUnit(base, at: start &+ 2, length)
        guard unit & 0xF800 == 0xD800 else { return start &+ 6 }
        guard unit & 0xFC00 == 0xD800, start &+ 7 < length, base[start &+ 6] == UInt8(ascii: "\\"),
            base[start &+ 7] == UInt8(ascii: "u"), try self.hexUnit(base, at: start &+ 8, length) & 0xFC00 == 0xDC00
        else { throw SyntaxError(reason: .loneSurrogate, offset: start) }
        return start &+ 12
    }

    private static func hexUnit(
        _ base: UnsafePointer<UInt8>, at start: Int, _ length: Int
    ) throws(SyntaxError) -> UInt32 {
        var unit: UInt32 = 0
        for index in start..<(start &+ 4) {
            guard index < length else { throw SyntaxError(reason: .unexpectedEnd, offset: length) }
            guard let digit = JSONEscapes.hexDigit(base[index]) else {
                throw SyntaxError(reason: .invalidHexDigit, offset: index)
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
