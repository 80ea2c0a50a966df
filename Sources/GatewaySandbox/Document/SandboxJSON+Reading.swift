import Foundation

extension SandboxJSON {
    /// Reads one JSON document, an object or an array.
    ///
    /// Foundation judges the text, strings and structure. Only the spelling of numbers is kept apart from it, because
    /// it would refuse `1e400` and forget that `1.10` had a zero: each number is handed to Foundation as a marked
    /// string and taken back afterwards. Members come sorted by name: Foundation forgets their order.
    init(reading bytes: [UInt8]) throws(SandboxJSONError) {
        let marked = try SandboxJSON.markingNumbers(bytes)
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(marked))
        } catch {
            let description = (error as NSError).userInfo["NSDebugDescription"] as? String
            throw SandboxJSONError(reason: description ?? "The data is not in the correct format.")
        }
        self = try SandboxJSON.value(value)
    }

    /// What stands in front of a number's spelling. A string of a document that begins so and goes on as a number is
    /// the one thing that would be misread; U+F8FF is private use, and nobody's product has reason to hold it.
    private static let mark: [UInt8] = Array("\u{F8FF}#".utf8)

    /// The number a marked string stands for.
    private static func spelling(_ string: String) -> String? {
        guard string.utf8.starts(with: mark) else { return nil }
        let spelling = string.utf8.dropFirst(mark.count)
        return isNumber(ArraySlice(spelling)) ? String(decoding: spelling, as: UTF8.self) : nil
    }

    private static func value(_ value: Any) throws(SandboxJSONError) -> SandboxJSON {
        switch value {
        case let string as String:
            return spelling(string).map { .number($0) } ?? .string(string)
        case let members as [String: Any]:
            var object: [SandboxObject.Member] = []
            object.reserveCapacity(members.count)
            let sorted = members.count == 1 ? Array(members) : members.sorted { $0.key < $1.key }
            for (name, member) in sorted {
                guard spelling(name) == nil else { throw SandboxJSONError(reason: "A member's name is a number.") }
                object.append(SandboxObject.Member(name: name, value: try Self.value(member)))
            }
            return .object(SandboxObject(object))
        case let elements as [Any]:
            var array: [SandboxJSON] = []
            array.reserveCapacity(elements.count)
            for element in elements { array.append(try Self.value(element)) }
            return .array(array)
        case let bool as Bool:
            // Numbers never get here: they are marked strings.
            return .bool(bool)
        case is NSNull:
            return .null
        default:
            throw SandboxJSONError(reason: "A value of an unexpected kind.")
        }
    }

    /// The same text with every well-formed number outside strings turned into a marked string.
    ///
    /// Refuses what Foundation would let pass: a comma in front of a closing bracket, a byte order mark, and text that
    /// is not UTF-8 (UTF-16 has NULs; RFC 8259 section 8.1).
    private static func markingNumbers(_ bytes: [UInt8]) throws(SandboxJSONError) -> [UInt8] {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]), !bytes.contains(0) else {
            throw SandboxJSONError(reason: "The text is not plain UTF-8.")
        }
        var output: [UInt8] = []
        /// What has been taken over so far; most bodies have no number and are not copied at all.
        var copied = 0
        var index = 0
        var isBehindComma = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                index += 1
                continue
            case UInt8(ascii: ","):
                isBehindComma = true
                index += 1
                continue
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard !isBehindComma else { throw SandboxJSONError(reason: "A comma before a closing bracket.") }
                index += 1
            case UInt8(ascii: "\""):
                index = endOfString(bytes, from: index)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                var end = index
                while end < bytes.count, isNumberByte(bytes[end]) { end += 1 }
                let spelling = bytes[index..<end]
                if isNumber(spelling) {
                    output.append(contentsOf: bytes[copied..<index])
                    output.append(UInt8(ascii: "\""))
                    output.append(contentsOf: mark)
                    output.append(contentsOf: spelling)
                    output.append(UInt8(ascii: "\""))
                    copied = end
                }
                index = end
            default:
                index += 1
            }
            isBehindComma = false
        }
        guard copied > 0 else { return bytes }
        output.append(contentsOf: bytes[copied...])
        return output
    }

    /// The index behind the closing quote, or the end of the text.
    private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") { return index + 1 }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return bytes.count
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// RFC 8259 section 6: `[-] (0 | 1-9 digits) [. digits] [(e|E) [+|-] digits]`.
    private static func isNumber(_ spelling: ArraySlice<UInt8>) -> Bool {
        var rest = spelling
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let integer = takeDigits(&rest)
        guard integer > 0, integer == 1 || spelling.first(where: { $0 != UInt8(ascii: "-") }) != UInt8(ascii: "0")
        else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits(&rest) > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard takeDigits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.count
    }
}
