package import GatewayDocuments

/// A vendor system: how it is reached, what it is trusted with, and what its dialect may do there.
package struct TargetConfiguration: Sendable {
    /// The name callers use in `?target=`, and the label in metrics and logs.
    package var name: String
    /// A built-in dialect, or a key of `Configuration.dialects`.
    package var dialect: String
    /// Where the dialect's paths begin.
    package var baseURL: HTTPURL
    /// Absent: requests carry no `authorization`.
    package var credentials: Credentials?
    package var timeouts: TargetTimeouts
    package var retries: TargetRetries
    package var tls: TargetTLS
    package var connections: TargetConnections
    package var queue: TargetQueue
    /// Absent: as fast as callers ask.
    package var rate: TargetRate?
    package var breaker: TargetBreaker
    /// Values of the dialect's parameters, by name.
    package var parameters: [String: JSONText]
    /// Canonical pointers that the dialect leaves off unless switched on.
    package var enable: [String]
    /// Canonical pointers that this vendor clears when it gets `null`, as the operator declares.
    package var clearable: [String]
    /// What happens to a field that the target cannot take, where the caller does not say.
    package var handling: Handling
    /// Absent: as the dialect says.
    package var updateSemantics: UpdateSemantics?
    /// Whether the vendor is told of traces (`traceparent`, `tracestate`).
    package var sendTraceContext: Bool
    /// In whose words a caller is answered.
    package var answers: AnswerWording
    /// Absent: the vendor is not told who asks.
    package var actor: TargetActor?
}

/// In whose words a caller is answered.
package enum AnswerWording: String, Sendable, CaseIterable {
    /// In the gateway's: the canonical product, the titles of the canonical errors.
    case canonical
    /// In the vendor's, once its answer has been understood.
    case vendor
}

extension TargetConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let dialect = reader.required(
            "dialect", .dialectName,
            """
            The vendor's language: a built-in dialect (`cor`, `elastic-path`, `softwareone`, \
            `catalogue`, `stripe`, …: `product-gateway dialect show` prints all names) or \
            one that is defined under `dialects`.
            """,
            examples: ["elastic-path"])
        let baseURL = reader.required(
            "baseURL", .baseURL,
            """
            Where the dialect's paths begin: scheme, host, optional port, optional path. `https` \
            verifies the vendor's certificate and host name; `http` is for trusted networks and \
            stand-ins.
            """,
            examples: [
                "https://euwest.api.elasticpath.com", "https://api.platform.softwareone.com/public",
            ])
        self.credentials = reader.optionalObject(
            "credentials", Credentials.self,
            absent: "requests carry no `authorization` field",
            """
            How requests to the vendor are authorised: exactly one of `bearer`, `oauth2`, `basic`, `header` and `query`.
            """,
            isConfidential: true)
        self.timeouts = reader.object(
            "timeouts", TargetTimeouts.self, "How long the vendor may take.")
        self.retries = reader.object(
            "retries", TargetRetries.self,
            "When an attempt is repeated. Only what is safe to repeat is repeated.")
        self.tls = reader.object(
            "tls", TargetTLS.self, "How the vendor's certificate is verified. Only for `https`.")
        self.connections = reader.object(
            "connections", TargetConnections.self, "The connections that each worker keeps.")
        self.queue = reader.object(
            "queue", TargetQueue.self, "Exchanges that wait for a free stream to the vendor.")
        self.rate = reader.optionalObject(
            "rate", TargetRate.self, absent: "as fast as callers ask",
            "How fast the vendor may be asked, by all workers together. Requests wait for their turn within their time."
        )
        self.breaker = reader.object(
            "breaker", TargetBreaker.self, "When a target that fails is left alone.")
        self.parameters = reader.value(
            "parameters", .parameters, default: [:],
            """
            Values that the dialect takes from the configuration instead of the caller, by the \
            dialect's own parameter names: for `cor` the `source` of every update.
            """,
            examples: [["source": "MICROSOFT_DYNAMICS"]])
        self.enable = reader.value(
            "enable", .pointers, default: [],
            """
            Canonical fields that the dialect knows but leaves off, because the vendor's documents \
            disagree about them; each as a JSON Pointer.
            """,
            examples: [["/customFields"]])
        self.clearable = reader.value(
            "clearable", .pointers, default: [],
            """
            Canonical fields that this vendor clears when it is sent `null`, as you know and its \
            documents do not say. Others are refused with `unsupported_field`.
            """,
            examples: [["/description", "/sku"]])
        self.handling = reader.value(
            "handling", .choice(Handling.self), default: .strict,
            """
            What happens to a field that the target cannot take, where the caller sends no \
            `Prefer: handling`: `strict` refuses the update, `lenient` drops the field with a warning.
            """,
            examples: ["strict", "lenient"])
        self.updateSemantics = reader.optional(
            "updateSemantics", .choice(UpdateSemantics.self), absent: "as the dialect says",
            """
            What the vendor does with members that an update leaves out: `partial` keeps them, \
            `replace` clears them, so that the gateway reads, merges and writes.
            """,
            examples: ["partial", "replace"])
        self.sendTraceContext = reader.value(
            "sendTraceContext", .boolean, default: false,
            """
            Whether the vendor is told of the trace that a request belongs to, in the fields \
            `traceparent` and `tracestate` (W3C Trace Context): the caller's trace continued, or one \
            that begins here. Off, because it tells somebody outside how your systems hang together.
            """,
            examples: [true])
        self.answers = reader.value(
            "answers", .choice(AnswerWording.self), default: .canonical,
            """
            In whose words a caller is answered. `canonical`: a success is the canonical product, with warnings \
            and the request id. `vendor`, for callers that read the vendor's answers today: a success is the \
            vendor's own document, byte for byte (but the gateway's token is masked where the vendor quotes it), \
            and a problem has the vendor's `title` where it gave one. The answer is checked all the same, and dry \
            runs, several targets and `Prefer: return=minimal` are answered in canonical terms.
            """,
            examples: ["canonical", "vendor"])

        self.actor = reader.optionalObject(
            "actor", TargetActor.self, absent: "the vendor is not told who asks",
            """
            Tells the vendor which of the `callers` asks, in a field of its own. The caller's own key, token or \
            certificate is never passed on.
            """)

        guard let dialect, let baseURL else { return nil }
        self.name = reader.name
        self.dialect = dialect
        self.baseURL = baseURL
        self.crossCheck(reader)
    }

    private func crossCheck(_ reader: KeyReader) {
        guard self.baseURL.scheme == .http else { return }
        if reader.members.isPresent("tls") {
            reader.members.warn(at: "tls", message: "has no effect, because baseURL begins with http://")
        }
        if self.credentials != nil, !HTTPURL.isLoopback(host: self.baseURL.host) {
            reader.members.warn(
                at: "baseURL",
                message: "the credentials of this target travel unencrypted, because it begins with http://")
        }
    }
}
