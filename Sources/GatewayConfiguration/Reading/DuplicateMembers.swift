import GatewayJSON

/// Finds every member that occurs twice in its object.
///
/// The parser stops at the first one. So that all are reported at once, and the rest of the document
/// is still checked, each is painted over with spaces, which keeps every other line and column.
enum DuplicateMembers {
    /// A member whose name has occurred before in the same object.
    struct Duplicate: Equatable {
        let path: DocumentPath
        let line: Int
        let column: Int
    }

    /// A file with more of them is no configuration; parsing again for each has to end somewhere.
    private static let countMax = 100

    /// The document without its duplicates, the first of each kept, and the duplicates.
    static func remove(
        from bytes: [UInt8]
    ) throws(JSONError) -> (document: JSONDocument, duplicates: [Duplicate]) {
        var bytes = bytes
        var duplicates: [Duplicate] = []
        while true {
            do throws(JSONError) {
                return (try JSONDocument(parsing: bytes), duplicates)
            } catch {
                guard error.reason == .duplicateName, duplicates.count < self.countMax,
                    self.paintOver(memberAt: error.offset, in: &bytes)
                else { throw error }
                var path = DocumentPath.root
                for token in JSONPointer.tokens(error.pointer ?? "") ?? [] {
                    path = path.appending(token)
                }
                duplicates.append(Duplicate(path: path, line: error.line, column: error.column))
            }
        }
    }

    /// Replaces the comma before a member, its name and its value by spaces.
    ///
    /// The parser finds duplicates when it has read their object to its end, so that everything here
    /// is well formed; where it is not, false is returned and the text is left alone.
    private static func paintOver(memberAt offset: Int, in bytes: inout [UInt8]) -> Bool {
        guard let comma = bytes[..<offset].lastIndex(where: { !self.isSpace($0) }),
            bytes[comma] == UInt8(ascii: ","),
            let nameEnd = self.endOfString(at: offset, in: bytes),
            let colon = bytes[nameEnd...].firstIndex(where: { !self.isSpace($0) }),
            let value = bytes[(colon + 1)...].firstIndex(where: { !self.isSpace($0) }),
            let end = self.endOfValue(at: value, in: bytes)
        else { return false }
        for index in comma..<end where bytes[index] != 0x0A && bytes[index] != 0x0D {
            bytes[index] = UInt8(ascii: " ")
        }
        return true
    }

    /// The index behind a string that begins at `start`.
    private static func endOfString(at start: Int, in bytes: [UInt8]) -> Int? {
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") { return index + 1 }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// The index behind a value that begins at `start`.
    private static func endOfValue(at start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard let end = self.endOfString(at: index, in: bytes) else { return nil }
                index = end
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // At depth 0 it closes the object around a number or a word.
                if depth == 0 { return index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ",") where depth == 0:
                return index
            default:
                break
            }
            index += 1
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
