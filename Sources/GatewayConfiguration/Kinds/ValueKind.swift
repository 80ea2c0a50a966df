import GatewayDocuments

/// How one kind of value is read, written and described.
struct ValueKind<Value: Sendable>: Sendable {
    let description: ValueDescription
    /// For messages: `a duration such as "2s" or "500ms"`.
    let expected: String
    /// The value; nil where it is wrong, which the place has then been told.
    let read: @Sendable (Place, ReadingContext) -> Value?
    /// The value as JSON: of a secret, where it comes from.
    let render: @Sendable (Value) -> RenderedValue

    init(
        typeName: String, range: String = "", schema: [RenderedValue.Member], expected: String,
        read: @escaping @Sendable (Place, ReadingContext) -> Value?,
        render: @escaping @Sendable (Value) -> RenderedValue
    ) {
        self.description = ValueDescription(typeName: typeName, range: range, schema: schema)
        self.expected = expected
        self.read = read
        self.render = render
    }
}
