/// One who may ask: how it is recognised, what it may do, and how much.
package struct CallerConfiguration: Sendable {
    /// The identity in logs, metrics, the audit and limits.
    package var name: String
    /// Each of them is enough; never empty.
    package var identify: [CallerProof]
    /// Nil: everything. Empty: nothing.
    package var allow: [AccessRule]?
    package var rate: RequestLimit?
    package var quota: RequestLimit?
    package var priority: CallerPriority

    /// A caller that may do everything, without limits.
    package init(name: String, identify: [CallerProof]) {
        self.name = name
        self.identify = identify
        self.priority = .interactive
    }
}

/// Who gives way first where there is too much to do.
package enum CallerPriority: String, Sendable, CaseIterable {
    case interactive, batch
}

/// What becomes of requests that prove nothing.
package enum AnonymousCallers: String, Sendable, CaseIterable {
    case refuse, allow
}

extension CallerConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let identify = reader.required(
            "identify", .callerProofs,
            """
            How a request proves that it is this caller's; each entry is enough. `mtls`: a name in its client \
            certificate, `spiffe://…` or `dns:…` (needs `listener.tls.callers`). `keySHA256`: the SHA-256 of up to two \
            API keys (`product-gateway key new`). `jwt`: a token of an issuer, by `subject`, `clientID` and `claims`; \
            all that are given must agree.
            """,
            examples: [
                [["mtls": "spiffe://example.org/ns/shop/sa/pim"]],
                [["keySHA256": ["f72ead0dffd1cd710922387418099e875af2226d26f880d3c0c6fb7da530b43d"]]],
            ])
        self.allow = reader.optional(
            "allow", .accessRules, absent: "it may do everything",
            """
            What it may do: whatever one of the rules allows. `targets` (all unless given), `operations` \
            (`update`, `create`, `read`, `dryRun`; all unless given; whoever may change may also rehearse), `fields` \
            (all unless given): `{"only": […]}` or `{"except": […]}` with pointers into the canonical product; `*` \
            stands for any one name. An empty list allows nothing.
            """,
            examples: [[["targets": ["elastic-path"], "operations": ["update"], "fields": ["except": ["/billing"]]]]])
        self.rate = reader.optional(
            "rate", .requestLimit, absent: "no limit",
            """
            How many requests it may send to targets: `requests` in each `per`, and up to `burst` at once (`requests` \
            unless given). A request to three targets counts three times. Beyond it: `429 rate_limited`.
            """,
            examples: [["requests": 600, "per": "1m", "burst": 50]])
        self.quota = reader.optional(
            "quota", .requestLimit, absent: "no quota",
            "The same over a longer time, beside `rate`.", examples: [["requests": 100_000, "per": "24h"]])
        self.priority = reader.value(
            "class", .choice(CallerPriority.self), default: .interactive,
            """
            Who gives way where there is too much to do: `batch` does. Its requests wait for a vendor behind those of \
            others, but for every tenth turn, leave a full queue first, and are refused as soon as memory is held back.
            """,
            examples: ["batch"])
        guard let identify else { return nil }
        self.name = reader.name
        self.identify = identify
    }
}
