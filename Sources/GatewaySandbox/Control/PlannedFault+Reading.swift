extension PlannedFault {
    /// What is wrong with a description of a fault, for whoever wrote it.
    struct Mistake: Error { let reason: String }

    init(_ json: SandboxJSON) throws(Mistake) {
        guard let object = json.object else { throw Mistake(reason: "expected an object") }
        try Self.check(object, known: ["vendor", "times", "endpoint", "method", "fault"], at: "")
        guard let name = object["vendor"]?.string, let vendor = SandboxVendor(rawValue: name) else {
            let names = SandboxVendor.allCases.map(\.rawValue).joined(separator: ", ")
            throw Mistake(reason: "vendor: expected one of \(names)")
        }
        let times = object["times"]?.integer ?? 1
        guard (1...1_000_000).contains(times) else { throw Mistake(reason: "times: expected 1 to 1000000") }
        guard let fault = object["fault"]?.object, !fault.isEmpty else {
            throw Mistake(reason: "fault: expected an object with at least one member")
        }
        self.vendor = vendor
        self.remaining = times
        self.endpoint = try Self.endpoint(object["endpoint"])
        self.method = object["method"]?.string
        self.description = json
        self.transport = try Self.transport(fault)
        self.replacement = try Self.replacement(fault)
        self.isProcessed = fault["process"]?.bool ?? (self.replacement == nil && !self.transport.act.meansNotProcessed)
    }

    private static func check(_ object: SandboxObject, known: [String], at path: String) throws(Mistake) {
        for name in object.names where !known.contains(name) {
            throw Mistake(reason: "\(path)\(name): unknown; known are \(known.joined(separator: ", "))")
        }
    }

    private static func endpoint(_ value: SandboxJSON?) throws(Mistake) -> RecordedExchange.Endpoint? {
        switch value?.string {
        case nil: return .products
        case "any"?: return nil
        case let name?:
            guard let endpoint = RecordedExchange.Endpoint(rawValue: name) else {
                throw Mistake(reason: "endpoint: expected products, token or any")
            }
            return endpoint
        }
    }

    private static func transport(_ fault: SandboxObject) throws(Mistake) -> SandboxTransportFault {
        try self.check(
            fault,
            known: [
                "delayMilliseconds", "status", "headers", "body", "contentType", "close", "reset", "never", "garbage",
                "truncate", "dribble", "goaway", "process",
            ], at: "fault.")
        let delay = fault["delayMilliseconds"]?.integer ?? 0
        guard (0...SandboxLimits.delayMillisecondsMax).contains(delay) else {
            throw Mistake(reason: "fault.delayMilliseconds: expected 0 to \(SandboxLimits.delayMillisecondsMax)")
        }
        var acts: [SandboxTransportFault.Act] = []
        for (name, choices) in self.acts {
            guard let value = fault[name], value != false else { continue }
            guard let choice = choices.first(where: { $0.value == value }) else {
                let list = choices.map { String(decoding: $0.value.written(), as: UTF8.self) }
                throw Mistake(reason: "fault.\(name): expected \(list.joined(separator: " or "))")
            }
            acts.append(choice.act)
        }
        guard acts.count <= 1 else { throw Mistake(reason: "fault: one of close, reset, never, … at a time") }
        return SandboxTransportFault(act: acts.first ?? .answer, delayMilliseconds: delay)
    }

    private static let acts: [(name: String, choices: [(value: SandboxJSON, act: SandboxTransportFault.Act)])] = [
        (
            "close",
            [
                ("before-headers", .closeBeforeHeaders), ("after-headers", .closeAfterHeaders),
                ("mid-body", .closeMidBody),
            ]
        ),
        ("reset", [(true, .reset), ("refused-stream", .refusedStream)]),
        ("never", [(true, .never)]),
        ("garbage", [(true, .garbage)]),
        ("truncate", [(true, .truncate), ("length", .truncateLength)]),
        ("dribble", [(true, .dribble)]),
        ("goaway", [(true, .goAway), ("refused", .goAwayRefused)]),
    ]

    private static func replacement(_ fault: SandboxObject) throws(Mistake) -> Replacement? {
        guard fault["status"] != nil || fault["body"] != nil else { return nil }
        let status = fault["status"]?.integer ?? 200
        // Informational answers are no answers, and three digits are all HTTP has (RFC 9110 section 15).
        guard (200...599).contains(status) else { throw Mistake(reason: "fault.status: expected 200 to 599") }
        var headers: [SandboxHeader] = []
        var body: [UInt8] = []
        var contentType = fault["contentType"]?.string
        switch fault["body"] {
        case nil: break
        case .string(let text)?:
            body = Array(text.utf8)
            contentType = contentType ?? "text/plain"
        case let document?:
            body = document.written()
            contentType = contentType ?? "application/json"
        }
        if let contentType { headers.append(SandboxHeader("content-type", contentType)) }
        for member in fault["headers"]?.object?.members ?? [] {
            guard let value = member.value.string else {
                throw Mistake(reason: "fault.headers.\(member.name): expected a string")
            }
            headers.append(SandboxHeader(member.name.lowercased(), value))
        }
        return Replacement(status: status, headers: headers, body: body)
    }
}
