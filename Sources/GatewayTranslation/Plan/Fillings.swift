import GatewayJSON

/// What fills the holes of a template beside the id: known only when a request is written.
struct Fillings {
    /// What was taken from an earlier answer.
    struct Value {
        /// As one JSON value.
        let json: [UInt8]
        /// As a text.
        let text: [UInt8]
    }

    /// Of the translation that the request is for.
    var locale: [UInt8] = []
    var taken: [Taken: Value] = [:]
    /// What makes a repetition do nothing again at the vendor; nil where nothing is sent.
    var key: VendorKey?

    static let none = Fillings()

    /// What there is of a taken value; where nothing is known yet, as in a dry run, its name.
    func value(of taken: Taken) -> Value {
        if let value = self.taken[taken] { return value }
        var json: [UInt8] = []
        json.append(quoting: "{\(taken.written)}")
        return Value(json: json, text: Array("{\(taken.written)}".utf8))
    }
}
