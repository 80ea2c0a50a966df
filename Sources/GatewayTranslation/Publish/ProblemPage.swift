import GatewayJSON

/// What a problem's `type` leads to: the page of one code, from the same table as the problems themselves.
package enum ProblemPage {
    /// One JSON object, laid out so that a person can read it as it comes.
    package static func json(_ code: ProblemCode) -> [UInt8] {
        let meaning = code.meaning
        var writer = JSONWriter(reservingCapacity: 2048)
        writer.object { writer in
            writer.member("code", code.rawValue)
            writer.member("type", code.type)
            writer.member("title", meaning.title)
            writer.member("status", meaning.status)
            writer.member("meaning", meaning.meaning)
            writer.member("actor", meaning.actor.rawValue)
            writer.member("advice", meaning.advice)
            writer.member("retry", meaning.retry)
            writer.name("example")
            code.example.write(to: &writer, requestID: "f2ebdd0cc481fbbd1292d8feeee671bc")
        }
        return JSONPrettyPrinter.print(writer.bytes)
    }

    /// For a sentence or a table.
    static func actor(_ actor: ProblemCode.Actor) -> String {
        switch actor {
        case .caller: "the caller"
        case .operator: "the gateway's operator"
        case .vendor: "the vendor"
        }
    }
}
