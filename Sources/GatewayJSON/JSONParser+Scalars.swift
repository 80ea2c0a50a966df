extension JSONParser {
    /// Reads a number by the grammar of RFC 8259 §6, without computing its value; where it ends.
    func endOfNumber(at start: Int) throws(Fault) -> Int {
        var index = start
        if self.base[index] == UInt8(ascii: "-") {
            index &+= 1
            if index < self.length, self.base[index] == UInt8(ascii: "I") {
                throw Fault(reason: .notANumberLiteral, offset: start)
            }
        }
        let first = index
        index = try self.endOfDigits(from: first)
        if self.base[first] == UInt8(ascii: "0"), index &- first > 1 {
            throw Fault(reason: .leadingZero, offset: first)
        }
        if index < self.length, self.base[index] == UInt8(ascii: ".") {
            index = try self.endOfDigits(from: index &+ 1)
        }
        if index < self.length, self.base[index] | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if index < self.length, self.base[index] == UInt8(ascii: "+") || self.base[index] == UInt8(ascii: "-") {
                index &+= 1
            }
            index = try self.endOfDigits(from: index)
        }
        return index
    }

    /// At least one digit.
    @inline(__always)
    private func endOfDigits(from start: Int) throws(Fault) -> Int {
        var index = start
        while index < self.length, self.base[index] &- 0x30 <= 9 { index &+= 1 }
        guard index > start else {
            throw index < self.length ? Fault(reason: .missingDigit, offset: index) : self.ended()
        }
        return index
    }

    /// Which of the three literals starts here.
    func literal(at start: Int) throws(Fault) -> JSONKind {
        let byte = self.base[start]
        if byte == UInt8(ascii: "t") {
            try self.expect("true", at: start)
            return .true
        }
        if byte == UInt8(ascii: "f") {
            try self.expect("false", at: start)
            return .false
        }
        guard byte == UInt8(ascii: "n") else { throw self.notAValue(at: start) }
        try self.expect("null", at: start)
        return .null
    }

    @inline(__always)
    private func expect(_ text: StaticString, at start: Int) throws(Fault) {
        for offset in 1..<text.utf8CodeUnitCount {
            guard start &+ offset < self.length else { throw self.ended() }
            guard self.base[start &+ offset] == text.utf8Start[offset] else {
                let reason: JSONErrorReason = self.startsWith("nan", at: start) ? .notANumberLiteral : .misspelledLiteral
                throw Fault(reason: reason, offset: start)
            }
        }
    }

    /// Why the byte at hand cannot start a value, as precisely as one byte tells.
    private func notAValue(at index: Int) -> Fault {
        let reason: JSONErrorReason
        switch self.base[index] {
        case UInt8(ascii: "N"), UInt8(ascii: "I"): reason = .notANumberLiteral
        case UInt8(ascii: "+"): reason = .leadingPlus
        case UInt8(ascii: "."): reason = .missingDigit
        case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "z"): reason = .misspelledLiteral
        default: reason = .expectedValue
        }
        return Fault(reason: reason, offset: index)
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
