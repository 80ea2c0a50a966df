import GatewayDocuments

/// Where, in percent of `limits.memory`, the gateway begins to do something about memory.
package struct MemoryStages: Sendable, Equatable {
    /// No body and no answer grows beyond its first 64 KiB.
    package var holding: Int
    /// Requests about products are answered with `503 overloaded`.
    package var refusing: Int
    /// The largest unread answers and unfinished bodies are given up.
    package var shedding: Int
}

extension MemoryStages: DefaultedObject {
    init(reading reader: KeyReader) {
        // Below ten percent the process itself is too much; at a hundred it would be too late.
        let percent = ValueKind<Int>.integer(in: 10...99, of: "a percentage")
        self.holding = reader.value(
            "holding", percent, default: 70,
            """
            From here on no request body and no vendor's answer grows beyond its first 64 KiB. What is larger is \
            answered with `503 overloaded` before anything is sent, or is an answer that was cut short.
            """,
            examples: [70])
        self.refusing = reader.value(
            "refusing", percent, default: 85,
            "From here on requests about products are answered with `503 overloaded` and `Retry-After`.",
            examples: [85])
        self.shedding = reader.value(
            "shedding", percent, default: 95,
            """
            From here on the largest unread answers and unfinished bodies are given up, until there is room, and new \
            connections are closed at once.
            """,
            examples: [95])
        if self.refusing <= self.holding {
            reader.members.refuse(
                at: "refusing",
                message: "refusing (\(self.refusing)) must be more than holding (\(self.holding)): it comes after it")
        }
        if self.shedding <= self.refusing {
            reader.members.refuse(
                at: "shedding",
                message: "shedding (\(self.shedding)) must be more than refusing (\(self.refusing)): it comes after it")
        }
    }
}
