import GatewayHTTP

/// Puts asterisks over a secret wherever a vendor quotes it: "bad token: Bearer …".
///
/// The secret is what was sent as `authorization`, without its scheme. It is found as it is, and in the spellings that
/// a body may give it: percent-encoded, with the escapes of a JSON string or of a JSON pointer, as a whole or in
/// parts. As many asterisks take its place as it had bytes, so that what is JSON stays JSON. Allocates nothing where
/// there is nothing to mask.
package struct SecretMask: Sendable {
    /// The whole value that was sent.
    private let value: [UInt8]
    /// Where the secret begins in it.
    private let start: Int

    /// Shorter ones are no secrets, and half of any text would look like one.
    private static let lengthMin = 4
    /// So much of the secret's beginning is masked too where the text ends within it: a body that was cut off.
    private static let partMin = 8

    /// - Parameter authorization: the value of `authorization`; nil where none was sent.
    package init?(authorization: [UInt8]?) {
        guard let authorization else { return nil }
        let scheme = authorization.firstIndex(of: UInt8(ascii: " ")) ?? -1
        guard authorization.count - (scheme + 1) >= Self.lengthMin else { return nil }
        self.value = authorization
        self.start = scheme + 1
    }

    /// Masks every occurrence.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    package func mask(_ text: inout [UInt8]) -> Bool {
        guard var found = text.withUnsafeBufferPointer({ self.occurrence(in: $0, from: 0) }) else { return false }
        text.withUnsafeMutableBufferPointer { text in
            while true {
                for index in found { text[index] = UInt8(ascii: "*") }
                guard let next = self.occurrence(in: UnsafeBufferPointer(text), from: found.upperBound) else { return }
                found = next
            }
        }
        return true
    }

    /// The same of an answer's body and of the request id that it gives.
    ///
    /// - Returns: whether there was any in the body.
    @discardableResult
    func mask(_ answer: VendorAnswer) -> Bool {
        if let requestID = answer.requestID {
            var bytes = Array(requestID.utf8)
            if self.mask(&bytes) { answer.requestID = String(decoding: bytes, as: UTF8.self) }
        }
        guard self.mask(&answer.body) else { return false }
        answer.parse = nil
        return true
    }

    /// The first place at or behind `from` where the secret stands.
    private func occurrence(in text: UnsafeBufferPointer<UInt8>, from: Int) -> Range<Int>? {
        let first = self.value[self.start]
        let second = self.value[self.start + 1]
        let bytes = UnsafeRawBufferPointer(text)
        var index = from
        while index < text.count {
            // Eight at a time: an answer may have megabytes, and what is none of four bytes begins no occurrence.
            while index &+ 8 <= text.count,
                !Self.mayBegin(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self), first)
            {
                index &+= 8
            }
            let stop = min(index &+ 8, text.count)
            while index < stop {
                let byte = text[index]
                // The next byte tells nearly always that a letter is only a letter.
                let isLikely =
                    Self.beginsSpelling(byte)
                    || byte == first
                        && (index &+ 1 == text.count || text[index &+ 1] == second
                            || Self.beginsSpelling(text[index &+ 1]))
                if isLikely, let end = self.end(in: text, at: index) { return index..<end }
                index &+= 1
            }
        }
        return nil
    }

    /// Whether a byte begins one that is not written as it is.
    @inline(__always)
    private static func beginsSpelling(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "~")
    }

    /// Whether an occurrence may begin in one of eight bytes. May say so where none does, never the other way round.
    @inline(__always)
    private static func mayBegin(_ word: UInt64, _ first: UInt8) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // The lowest byte that is zero gets its highest bit; borrows reach only bytes above it.
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let found =
            zeros(word ^ ones &* UInt64(first)) | zeros(word ^ ones &* UInt64(UInt8(ascii: "%")))
            | zeros(word ^ ones &* UInt64(UInt8(ascii: "\\"))) | zeros(word ^ ones &* UInt64(UInt8(ascii: "~")))
        return found & ones << 7 != 0
    }

    /// Where the secret ends that stands at a place; nil where it does not.
    private func end(in text: UnsafeBufferPointer<UInt8>, at place: Int) -> Int? {
        var place = place
        for index in self.start..<self.value.count {
            guard place < text.count else { return index - self.start >= Self.partMin ? place : nil }
            let spelled = Self.spelled(in: text, at: place)
            if spelled.byte == self.value[index] {
                place += spelled.count
            } else if text[place] == self.value[index] {
                place += 1
            } else {
                return nil
            }
        }
        return place
    }

    /// The byte that stands at a place, and in how many bytes it is written.
    private static func spelled(in text: UnsafeBufferPointer<UInt8>, at place: Int) -> (byte: UInt8, count: Int) {
        switch text[place] {
        case UInt8(ascii: "%"):
            if let byte = self.hexadecimal(in: text, at: place + 1) { return (byte, 3) }
        case UInt8(ascii: "~") where place + 1 < text.count:
            if text[place + 1] == UInt8(ascii: "1") { return (UInt8(ascii: "/"), 2) }
            if text[place + 1] == UInt8(ascii: "0") { return (UInt8(ascii: "~"), 2) }
        case UInt8(ascii: "\\") where place + 1 < text.count:
            switch text[place + 1] {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "\""): return (text[place + 1], 2)
            case UInt8(ascii: "u"):
                // Only the first 128 characters: a value of a header field has no others.
                if self.hexadecimal(in: text, at: place + 2) == 0, let byte = self.hexadecimal(in: text, at: place + 4)
                {
                    return (byte, 6)
                }
            default: break
            }
        default: break
        }
        return (text[place], 1)
    }

    private static func hexadecimal(in text: UnsafeBufferPointer<UInt8>, at place: Int) -> UInt8? {
        guard place + 1 < text.count, let high = HexDigits.value(of: text[place]),
            let low = HexDigits.value(of: text[place + 1])
        else { return nil }
        return high << 4 | low
    }
}
