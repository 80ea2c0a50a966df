import GatewayJSON

/// A JSON text in one form, whatever the order of its members, its white space and its escapes; numbers stay as they
/// are spelled, because a caller that writes 1.0 instead of 1 may mean something by it.
///
/// Every value begins with its kind, every text with its length: no two values have the same bytes.
enum CanonicalBody {
    /// Appends the form of the value at `index` and all it contains.
    static func append(_ view: JSONView, at index: Int, to output: inout [UInt8]) {
        let entry = view[index]
        switch entry.kind {
        case .object:
            output.append(UInt8(ascii: "{"))
            for name in self.sortedNames(of: view, object: index) {
                self.append(text: view, name, to: &output)
                self.append(view, at: name + 1, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        case .array:
            output.append(UInt8(ascii: "["))
            var element = index + 1
            let end = view.next(after: index)
            while element < end {
                self.append(view, at: element, to: &output)
                element = view.next(after: element)
            }
            output.append(UInt8(ascii: "]"))
        case .string:
            self.append(text: view, index, to: &output)
        default:
            let raw = view.raw(entry)
            output.append(UInt8(ascii: "="))
            self.append(length: raw.count, to: &output)
            output.append(contentsOf: raw)
        }
    }

    private static func append(text view: JSONView, _ index: Int, to output: inout [UInt8]) {
        let entry = view[index]
        output.append(UInt8(ascii: "\""))
        if entry.isEscaped {
            // Its length is known when it has been decoded.
            let start = output.count
            self.append(length: 0, to: &output)
            let textStart = output.count
            view.decode(entry, into: &output)
            let length = UInt32(truncatingIfNeeded: output.count &- textStart).bigEndian
            output.withUnsafeMutableBytes { $0.storeBytes(of: length, toByteOffset: start, as: UInt32.self) }
        } else {
            let content = view.content(entry)
            self.append(length: content.count, to: &output)
            output.append(contentsOf: content)
        }
    }

    private static func append(length: Int, to output: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: length).bigEndian) { output.append(contentsOf: $0) }
    }

    /// The entries of an object's names, in the order of their bytes; a parser has made sure that no two are the same.
    private static func sortedNames(of view: JSONView, object: Int) -> [Int] {
        var names: [Int] = []
        let end = view.next(after: object)
        var name = object + 1
        while name < end {
            names.append(name)
            name = view.next(after: name + 1)
        }
        guard names.count > 1 else { return names }
        names.sort { one, other in
            guard view[one].isEscaped || view[other].isEscaped else {
                return view.content(view[one]).lexicographicallyPrecedes(view.content(view[other]))
            }
            return view.decoded(view[one]).lexicographicallyPrecedes(view.decoded(view[other]))
        }
        return names
    }
}
