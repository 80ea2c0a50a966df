/// The words that mean the same at every vendor: what the network does, and answers no vendor documents.
enum SharedProvocations {
    static let all: [Provocation] = transport + answers

    private static let transport: [Provocation] =
        [
            Provocation("delay-N", "answers after N milliseconds") {
                .fault(
                    SandboxTransportFault(
                        act: .answer, delayMilliseconds: min($0.number, SandboxLimits.delayMillisecondsMax)))
            }
        ]
        + SandboxTransportFault.Act.allCases.filter { $0 != .answer }.map { act in
            Provocation(act.rawValue, meaning(act)) { _ in
                .fault(SandboxTransportFault(act: act, delayMilliseconds: 0))
            }
        }

    private static func meaning(_ act: SandboxTransportFault.Act) -> String {
        switch act {
        case .answer: "the request is answered"
        case .never: "the request is carried out and never answered"
        case .closeBeforeHeaders: "carried out, then the connection is closed before the answer"
        case .closeAfterHeaders: "carried out, then the connection is closed after the answer's headers"
        case .closeMidBody: "carried out, then the connection is closed in the middle of the answer's body"
        case .reset: "carried out, then the stream is reset with INTERNAL_ERROR"
        case .refusedStream: "not carried out; the stream is reset with REFUSED_STREAM"
        case .garbage: "carried out, then bytes that are not HTTP/2 arrive and the connection is closed"
        case .truncate: "carried out; the answer ends properly after half of its body, with no content-length"
        case .truncateLength: "carried out; the answer ends after half of the bytes its content-length announces"
        case .dribble: "carried out; the answer's body comes one byte a second"
        case .goAway: "carried out and answered, with GOAWAY for the connection"
        case .goAwayRefused: "not carried out; GOAWAY says that this stream was not processed"
        }
    }

    private static let answers: [Provocation] = [
        answer("200-empty", "success without a body") { _ in VendorAnswer(status: 200) },
        answer("200-null", "success with the body `null`") { _ in VendorAnswer(status: 200, json: .null) },
        answer("200-array", "success with the body `[]`") { _ in VendorAnswer(status: 200, json: .array([])) },
        answer("200-string", "success with the body `\"ok\"`") { _ in VendorAnswer(status: 200, json: "ok") },
        answer("200-object", "success with the body `{}`") { _ in VendorAnswer(status: 200, json: [:]) },
        answer("200-html", "success with a page of HTML, as a captive proxy sends it") { _ in
            VendorAnswer(status: 200, text: htmlPage("Welcome"), contentType: "text/html")
        },
        answer("200-truncated-json", "success with half of a JSON document") { _ in
            VendorAnswer(status: 200, text: #"{"id":52188,"name":"Upd"#, contentType: "application/json")
        },
        answer("204", "success without content") { _ in VendorAnswer(status: 204) },
        answer("307", "a redirect to another path") { _ in
            VendorAnswer(status: 307, headers: [SandboxHeader("location", "/elsewhere")])
        },
        answer("502-html", "a proxy's page of HTML with status 502") { _ in
            VendorAnswer(status: 502, text: htmlPage("502 Bad Gateway"), contentType: "text/html")
        },
        answer("503-retry-after", "503 with `retry-after: 2`, no body") { _ in
            VendorAnswer(status: 503, headers: [SandboxHeader("retry-after", "2")])
        },
        answer("500-empty", "500 without a body") { _ in VendorAnswer(status: 500) },
        answer("huge-N", "success with a JSON document of N KiB") {
            let count = min($0.number, SandboxLimits.hugeBodyKibibytesMax) * 1024
            return VendorAnswer(status: 200, json: ["padding": .string(String(repeating: "x", count: count))])
        },
    ]

    private static func answer(
        _ word: String, _ meaning: String, _ answer: @escaping @Sendable (Provocation.Context) -> VendorAnswer
    ) -> Provocation {
        Provocation.answer(word, meaning, answer)
    }

    private static func htmlPage(_ title: String) -> String {
        "<html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>\n"
    }
}
