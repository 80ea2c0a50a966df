extension SandboxJSON {
    /// How text is written; both are valid JSON for the same value.
    enum Style: Sendable {
        /// UTF-8 as it is.
        case plain
        /// As PHP's `json_encode` writes by default: `\u00fc` for every character beyond ASCII, `\/` for a slash.
        case escaped
        /// UTF-8, two spaces of indentation: for people who look at the control API.
        case indented
    }

    /// The document as UTF-8.
    func written(_ style: Style = .plain) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        self.write(into: &output, style, depth: 0)
        if style == .indented { output.append(UInt8(ascii: "\n")) }
        return output
    }

    private func write(into output: inout [UInt8], _ style: Style, depth: Int) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let bool): output.append(contentsOf: (bool ? "true" : "false").utf8)
        case .number(let spelling): output.append(contentsOf: spelling.utf8)
        case .string(let string): SandboxJSON.write(string, into: &output, style)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                SandboxJSON.separate(index, into: &output, style, depth: depth + 1)
                element.write(into: &output, style, depth: depth + 1)
            }
            if !elements.isEmpty { SandboxJSON.breakLine(into: &output, style, depth: depth) }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                SandboxJSON.separate(index, into: &output, style, depth: depth + 1)
                SandboxJSON.write(member.name, into: &output, style)
                output.append(UInt8(ascii: ":"))
                if style == .indented { output.append(UInt8(ascii: " ")) }
                member.value.write(into: &output, style, depth: depth + 1)
            }
            if !object.isEmpty { SandboxJSON.breakLine(into: &output, style, depth: depth) }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func separate(_ index: Int, into output: inout [UInt8], _ style: Style, depth: Int) {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        breakLine(into: &output, style, depth: depth)
    }

    private static func breakLine(into output: inout [UInt8], _ style: Style, depth: Int) {
        guard style == .indented else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private static func write(_ string: String, into output: inout [UInt8], _ style: Style) {
        output.append(UInt8(ascii: "\""))
        if style == .escaped {
            for unit in string.utf16 { writeEscaped(unit, into: &output) }
        } else if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            output.append(contentsOf: string.utf8)
        } else {
            for byte in string.utf8 {
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    writeEscaped(UInt16(byte), into: &output)
                } else {
                    output.append(byte)
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func writeEscaped(_ unit: UInt16, into output: inout [UInt8]) {
        switch unit {
        case 0x22: output.append(contentsOf: #"\""#.utf8)
        case 0x5C: output.append(contentsOf: #"\\"#.utf8)
        case 0x2F: output.append(contentsOf: #"\/"#.utf8)
        case 0x0A: output.append(contentsOf: #"\n"#.utf8)
        case 0x20..<0x7F: output.append(UInt8(unit))
        default:
            output.append(contentsOf: #"\u"#.utf8)
            for shift in [12, 8, 4, 0] { output.append(hexDigits[Int(unit >> UInt16(shift)) & 0xF]) }
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
