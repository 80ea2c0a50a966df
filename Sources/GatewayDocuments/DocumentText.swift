import GatewayJSON

/// Reads the text of a document that an operator wrote, and says in an operator's words what keeps it from being JSON.
package enum DocumentText {
    /// A file with more mistakes of the kinds that are read over is no document; parsing again for each has to end
    /// somewhere.
    private static let repairsMax = 100

    /// The document's root; nil where the text is not JSON, which is then among the diagnostics.
    ///
    /// Members that occur twice, comments, commas behind the last member and a byte order mark are reported and read
    /// over, so that all of them are found at once and the rest of the document is still checked. Of members that occur
    /// twice the first counts.
    package static func read(
        _ text: [UInt8], from origin: DocumentOrigin, into diagnostics: Diagnostics
    ) -> Place? {
        let whole = Place(diagnostics, origin: origin, path: origin.path, node: nil)
        if let encoding = self.foreignEncoding(of: text) {
            whole.refuse("this is \(encoding), and JSON is UTF-8 (RFC 8259 §8.1): save the file as UTF-8")
            return nil
        }
        var text = text
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            whole.refuse("the file begins with a UTF-8 byte order mark, which JSON must not (RFC 8259 §8.1)")
            text.removeFirst(3)
        }
        var findings: [Finding] = []
        var root: JSONNode?
        while root == nil {
            do throws(JSONError) {
                root = try JSONDocument(parsing: text).root
            } catch {
                let (finding, isReadOver) = self.finding(error, in: &text)
                findings.append(finding)
                guard isReadOver, findings.count <= self.repairsMax else { break }
            }
        }
        for finding in findings {
            let position = origin.position(line: finding.line, column: finding.column)
            diagnostics.report(
                Diagnostic(
                    .error, file: origin.file, line: position.line, column: position.column,
                    path: self.path(of: finding.tokens, in: root, from: origin.path), message: finding.message))
        }
        return root.map { Place(diagnostics, origin: origin, path: origin.path, node: $0) }
    }

    /// What keeps a text from being JSON, at one place.
    private struct Finding {
        let line: Int
        let column: Int
        /// Names and indexes that lead to the place, as far as they are known.
        let tokens: [String]
        let message: String
    }

    /// Puts an error into words, and paints over what can be read over, so that lines and columns stay.
    private static func finding(_ error: JSONError, in text: inout [UInt8]) -> (Finding, isReadOver: Bool) {
        func finding(_ message: String, at tokens: [String] = []) -> Finding {
            Finding(line: error.line, column: error.column, tokens: tokens, message: message)
        }
        switch error.reason {
        case .duplicateName:
            let tokens = JSONPointer.tokens(error.pointer ?? "") ?? []
            guard let member = self.repeatedMember(at: error.offset, in: text) else { break }
            self.paintOver(member, in: &text)
            return (finding("this key occurs twice here", at: tokens), true)
        case .trailingComma:
            self.paintOver(error.offset..<(error.offset + 1), in: &text)
            return (finding("there is a comma with nothing behind it; remove it"), true)
        case .comment:
            guard let comment = self.comment(at: error.offset, in: text) else { break }
            self.paintOver(comment, in: &text)
            return (finding("JSON has no comments; remove this one"), true)
        default:
            break
        }
        return (finding("this is not JSON: \(error.explanation)"), false)
    }

    private static func path(of tokens: [String], in root: JSONNode?, from start: DocumentPath) -> DocumentPath {
        var path = start
        var node = root
        for token in tokens {
            if let index = Int(token), let elements = node?.elements, elements.indices.contains(index) {
                path = path.appending(index: index)
                node = elements[index]
            } else {
                path = path.appending(token)
                node = node?[token]
            }
        }
        return path
    }

    /// The encoding of a text that is not UTF-8: by its byte order mark, or because JSON begins with a character of
    /// ASCII.
    private static func foreignEncoding(of text: [UInt8]) -> String? {
        let first = text.prefix(4)
        func starts(_ bytes: UInt8...) -> Bool { first.starts(with: bytes) }
        if starts(0xFF, 0xFE, 0, 0) || starts(0, 0, 0xFE, 0xFF) { return "UTF-32" }
        if starts(0xFF, 0xFE) || starts(0xFE, 0xFF) { return "UTF-16" }
        guard first.count == 4 else { return nil }
        return switch first.map({ $0 == 0 }) {
        case [true, true, true, false], [false, true, true, true]: "UTF-32"
        case [true, false, true, false], [false, true, false, true]: "UTF-16"
        default: nil
        }
    }
}

// Finds what is to be painted over.
extension DocumentText {
    private static func paintOver(_ range: Range<Int>, in text: inout [UInt8]) {
        for index in range where text[index] != 0x0A && text[index] != 0x0D { text[index] = UInt8(ascii: " ") }
    }

    /// `// to the end of the line`, `# the same`, or `/* over lines */`; nil where no comment begins.
    private static func comment(at start: Int, in text: [UInt8]) -> Range<Int>? {
        let rest = text[min(start, text.count)...]
        if rest.starts(with: Array("/*".utf8)) {
            var index = start + 2
            while index + 1 < text.count {
                if text[index] == UInt8(ascii: "*"), text[index + 1] == UInt8(ascii: "/") { return start..<(index + 2) }
                index += 1
            }
            return start..<text.count
        }
        guard rest.starts(with: Array("//".utf8)) || rest.first == UInt8(ascii: "#") else { return nil }
        return start..<(rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count)
    }

    /// The comma before a member, its name and its value.
    ///
    /// The parser finds repeated members when it has read their object to its end, so that everything here is well
    /// formed; nil where it is not.
    private static func repeatedMember(at offset: Int, in text: [UInt8]) -> Range<Int>? {
        guard offset <= text.count, let comma = text[..<offset].lastIndex(where: { !self.isSpace($0) }),
            text[comma] == UInt8(ascii: ","),
            let nameEnd = self.endOfString(at: offset, in: text),
            let colon = text[nameEnd...].firstIndex(where: { !self.isSpace($0) }),
            let value = text[(colon + 1)...].firstIndex(where: { !self.isSpace($0) }),
            let end = self.endOfValue(at: value, in: text)
        else { return nil }
        return comma..<end
    }

    /// The index behind a string that begins at `start`.
    private static func endOfString(at start: Int, in text: [UInt8]) -> Int? {
        var index = start + 1
        while index < text.count {
            if text[index] == UInt8(ascii: "\"") { return index + 1 }
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// The index behind a value that begins at `start`.
    private static func endOfValue(at start: Int, in text: [UInt8]) -> Int? {
        var depth = 0
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                guard let end = self.endOfString(at: index, in: text) else { return nil }
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
