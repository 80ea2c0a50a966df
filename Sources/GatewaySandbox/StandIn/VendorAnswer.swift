/// What a stand-in answers, before it is written as bytes.
struct VendorAnswer: Sendable {
    enum Body: Sendable {
        case empty
        case json(SandboxJSON, SandboxJSON.Style = .plain)
        case bytes([UInt8])
    }

    var status: Int
    var headers: [SandboxHeader]
    var body: Body
    var fault = SandboxTransportFault.none
    /// What the stand-in noticed and a real vendor would not say: an ignored member, a choice it had to make.
    var notes: [String] = []

    init(status: Int, json: SandboxJSON, headers: [SandboxHeader] = []) {
        self.status = status
        self.headers = [SandboxHeader("content-type", "application/json")] + headers
        self.body = .json(json)
    }

    init(status: Int, text: String, contentType: String, headers: [SandboxHeader] = []) {
        self.status = status
        self.headers = [SandboxHeader("content-type", contentType)] + headers
        self.body = .bytes(Array(text.utf8))
    }

    /// No body and no content type.
    init(status: Int, headers: [SandboxHeader] = []) {
        self.status = status
        self.headers = headers
        self.body = .empty
    }

    func with(notes: [String]) -> VendorAnswer {
        var answer = self
        answer.notes += notes
        return answer
    }

    /// The answer as bytes.
    func response() -> SandboxResponse {
        let bytes: [UInt8] =
            switch self.body {
            case .empty: []
            case .json(let json, let style): json.written(style)
            case .bytes(let bytes): bytes
            }
        return SandboxResponse(status: self.status, headers: self.headers, body: bytes, fault: self.fault)
    }
}
