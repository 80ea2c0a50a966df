import GatewayJSON

/// A JSON value to be written: defaults, examples, the schema, the configuration in force.
///
/// Members keep their order. Nothing is read into it; what is read is a `JSONNode`.
package indirect enum RenderedValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case string(String)
    case array([RenderedValue])
    case object([Member])
    /// A value that already is JSON text.
    case text(JSONText)

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: RenderedValue

        package init(_ name: String, _ value: RenderedValue) {
            self.name = name
            self.value = value
        }
    }

    /// One line of JSON.
    package var compact: String {
        var writer = JSONWriter()
        self.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// JSON for people, with a line end behind it.
    package var pretty: String {
        var writer = JSONWriter()
        self.write(to: &writer)
        return String(decoding: JSONPrettyPrinter.print(writer.bytes), as: UTF8.self) + "\n"
    }

    /// The member of that name; nil where there is none, or where this is not an object.
    package subscript(name: String) -> RenderedValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .string(let value): writer.string(value)
        case .text(let text): writer.raw(text.bytes)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}

// Literals keep the tables of keys readable.
extension RenderedValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: RenderedValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, RenderedValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
