/// What is kept of requests that carry an `Idempotency-Key`, and which must have one.
package struct IdempotencyConfiguration: Sendable, Equatable {
    package enum Operation: String, Sendable, CaseIterable {
        case create, update
    }

    /// Operations that are refused without a key; empty: none.
    package var required: [Operation]
    /// How long a record is kept.
    package var retention: Duration
    /// What the records of one caller may take.
    package var bytesPerCaller: Int
}

extension IdempotencyConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.required =
            reader.optional(
                "required", .choices(Operation.self), absent: "a key is the caller's choice",
                "Operations that are refused with `400 idempotency_key_required` where they come without a key.",
                examples: [["create"], ["create", "update"]]) ?? []
        self.retention = reader.value(
            "retention", .duration(from: .seconds(3600), to: .seconds(30 * 24 * 3600)), default: .seconds(24 * 3600),
            """
            How long what became of a request is kept, from its first try on: a repetition that comes later runs as if \
            there had been none. Longer than callers repeat.
            """,
            examples: ["24h", "168h"])
        self.bytesPerCaller = reader.value(
            "bytesPerCaller", .bytes(in: 65_536...(64 << 30)), default: 256 << 20,
            """
            What the records of one caller may take in the store; of all callers together, where they are not told \
            apart. A record takes 0.4 KiB and its answer, without the product if the caller prefers \
            `return=minimal`. Nothing is thrown away before its time: a new key that finds no room is refused with \
            `503 store_unavailable`.
            """,
            examples: ["256MiB", "4GiB"], takesEffect: .restart)
    }
}
