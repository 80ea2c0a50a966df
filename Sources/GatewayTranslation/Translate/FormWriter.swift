import GatewayHTTP
import GatewayJSON

/// Writes the fields as `application/x-www-form-urlencoded`, members in brackets: `metadata[colour]=red`,
/// `images[0]=https%3A%2F%2F…`.
///
/// A form has texts only: numbers and truth values are written as JSON has them, `null` and what is empty as a text
/// without characters, by which such vendors mean to clear.
struct FormWriter {
    /// Each byte as it is written: its own, or 0 where it is encoded.
    private static let plain: [UInt8] = (UInt8.min...UInt8.max).map { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            byte
        case UInt8(ascii: " "): UInt8(ascii: "+")
        default: 0
        }
    }

    /// Writes what was picked, straight from the caller's body.
    static func write(_ writer: RequestWriter, behind prefix: [String], to output: inout JSONOutput) {
        var name: [UInt8] = []
        for token in prefix { self.append(token, to: &name) }
        self.writeGroup(0, writer, name, to: &output)
    }

    /// Recursive along the plan's groups.
    private static func writeGroup(
        _ group: Int16, _ writer: RequestWriter, _ prefix: [UInt8], to output: inout JSONOutput
    ) {
        let operation = writer.operation
        for child in 1..<max(1, operation.groups.count) {
            let row = operation.groups[child]
            guard row.parent == group, writer.isUsed(Int16(child)) else { continue }
            let name = self.name(of: row.name, operation, behind: prefix)
            if row.isList || !operation.localized.isEmpty {
                self.transcode(name, to: &output) {
                    if row.isList {
                        writer.writeList(Int16(child), to: &$0)
                    } else {
                        writer.writeGroup(Int16(child), to: &$0)
                    }
                }
            } else {
                self.writeGroup(Int16(child), writer, name, to: &output)
            }
        }
        for index in 0..<writer.pickCount {
            let pick = writer.picks[index]
            let row = writer.row(of: pick)
            guard row.pointee.group == group else { continue }
            let name = self.name(of: row.pointee.name, operation, behind: prefix)
            let isPlain = pick.value >= 0 && !row.pointee.isFormed && !row.pointee.hasEntryNames
            if isPlain, writer.dropped.isEmpty {
                self.write(writer.view, Int(pick.value), name, to: &output)
            } else {
                self.transcode(name, to: &output) { writer.writeValue(pick, row, to: &$0) }
            }
        }
    }

    /// The name of a plan's pool, which stands there quoted, with its colon, behind a comma.
    private static func name(of pooled: PooledBytes, _ operation: OperationPlan, behind prefix: [UInt8]) -> [UInt8] {
        var name = prefix
        let quoted = operation.pool.view(pooled)
        guard quoted.count > 4 || quoted.count == 4 else { return name }
        var decoded: [UInt8] = []
        JSONEscapes.decode(UnsafeBufferPointer(rebasing: quoted[2..<(quoted.count - 2)]), into: &decoded)
        self.append(String(decoding: decoded, as: UTF8.self), to: &name)
        return name
    }

    /// A name at the beginning; in brackets behind one.
    private static func append(_ token: String, to name: inout [UInt8]) {
        let isFirst = name.isEmpty
        if !isFirst { name.append(UInt8(ascii: "[")) }
        for byte in token.utf8 { self.append(byte, to: &name) }
        if !isFirst { name.append(UInt8(ascii: "]")) }
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        let plain = self.plain[Int(byte)]
        if plain != 0 {
            bytes.append(plain)
        } else {
            bytes += [UInt8(ascii: "%"), HexDigits.upperCaseDigit(byte >> 4), HexDigits.upperCaseDigit(byte)]
        }
    }

    /// Writes JSON that was made here as a part of the form.
    private static func transcode(
        _ name: [UInt8], to output: inout JSONOutput, _ write: (inout JSONOutput) -> Void
    ) {
        let json = JSONOutput.array(expecting: 256) { output in
            write(&output)
            return true
        }
        self.write(json ?? [], behind: name, limits: .file, to: &output)
    }

    /// Writes a JSON document as a form, its names behind a name.
    static func write(_ json: [UInt8], behind name: [UInt8] = [], limits: JSONLimits, to output: inout JSONOutput) {
        let tape = JSONTape()
        json.withUnsafeBufferPointer { buffer in
            guard let view = try? tape.parse(buffer, limits: limits) else { return }
            self.write(view, 0, name, to: &output)
        }
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func write(_ view: JSONView, _ index: Int, _ name: [UInt8], to output: inout JSONOutput) {
        let entry = view[index]
        let end = view.next(after: index)
        switch entry.kind {
        case .object where end > index + 1:
            var child = index + 1
            while child < end {
                var inner = name
                self.append(view.string(view[child]), to: &inner)
                self.write(view, child + 1, inner, to: &output)
                child = view.next(after: child + 1)
            }
        case .array where end > index + 1:
            var child = index + 1
            var position = 0
            while child < end {
                var inner = name
                self.append(String(position), to: &inner)
                self.write(view, child, inner, to: &output)
                position += 1
                child = view.next(after: child)
            }
        default:
            if output.count > 0 { output.append(UInt8(ascii: "&")) }
            name.withUnsafeBufferPointer { output.append(bytes: $0) }
            output.append(UInt8(ascii: "="))
            self.writeScalar(view, entry, to: &output)
        }
    }

    private static func writeScalar(_ view: JSONView, _ entry: JSONEntry, to output: inout JSONOutput) {
        switch entry.kind {
        case .null, .object, .array: break
        case .string where !entry.isEscaped: self.encode(view.content(entry), to: &output)
        case .string: view.decoded(entry).withUnsafeBufferPointer { self.encode($0, to: &output) }
        default: self.encode(view.raw(entry), to: &output)
        }
    }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout JSONOutput) {
        self.plain.withUnsafeBufferPointer { plain in
            for byte in bytes {
                let written = plain[Int(byte)]
                if written != 0 {
                    output.append(written)
                } else {
                    output.append(UInt8(ascii: "%"))
                    output.append(HexDigits.upperCaseDigit(byte >> 4))
                    output.append(HexDigits.upperCaseDigit(byte))
                }
            }
        }
    }
}
