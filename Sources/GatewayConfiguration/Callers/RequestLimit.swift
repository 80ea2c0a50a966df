import GatewayDocuments

/// How many requests in which time.
package struct RequestLimit: Sendable, Equatable {
    package var requests: Int
    package var per: Duration
    /// How many may come at once.
    package var burst: Int
}

extension ValueKind where Value == RequestLimit {
    static var requestLimit: ValueKind {
        let expected = "a limit such as {\"requests\": 600, \"per\": \"1m\"}"
        let requests = 1...1_000_000_000
        let period = (Duration.seconds(1), Duration.seconds(31 * 24 * 3600))
        return ValueKind(
            typeName: "limit",
            schema: [
                .init("type", "object"), .init("required", ["requests", "per"]), .init("additionalProperties", false),
                .init(
                    "properties",
                    [
                        "requests": ["type": "integer", "minimum": 1, "maximum": .integer(requests.upperBound)],
                        "per": ["type": "string", "pattern": .string(DurationText.pattern)],
                        "burst": ["type": "integer", "minimum": 1, "maximum": .integer(requests.upperBound)],
                    ]),
            ],
            expected: expected,
            read: { place, context in
                place.readObject { members in
                    let count = members.required("requests", expected: "a number of requests")?
                        .integer(in: requests, expected: "a number of requests from 1 to 1000000000")
                    let kind = ValueKind<Duration>.duration(from: period.0, to: period.1)
                    let per = members.required("per", expected: kind.expected).flatMap { kind.read($0, context) }
                    let burst = members.optional("burst").flatMap {
                        $0.integer(in: requests, expected: "a number of requests from 1 to 1000000000")
                    }
                    guard let count, let per else { return nil }
                    return RequestLimit(requests: count, per: per, burst: burst ?? count)
                }
            },
            render: { limit in
                [
                    "requests": .integer(limit.requests), "per": .string(DurationText.text(limit.per)),
                    "burst": .integer(limit.burst),
                ]
            })
    }
}
