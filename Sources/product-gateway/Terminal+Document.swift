import GatewayJSON

extension Terminal {
    /// A JSON text, laid out for a person; every value stays as it is.
    static func outputDocument(_ bytes: [UInt8]) {
        self.output(String(decoding: JSONPrettyPrinter.print(bytes), as: UTF8.self))
    }

    /// A text that is laid out already and ends with a line feed.
    static func outputDocument(_ text: String) {
        self.output(String(text.dropLast()))
    }
}
