/// How fast a vendor may be asked.
package struct TargetRate: Sendable, Hashable {
    package var requests: Int
    package var per: Duration
    /// Requests that may come at once after a pause.
    package var burst: Int
}

extension TargetRate: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let requests = reader.required(
            "requests", .integer(in: 1...1_000_000, of: "a number of requests"),
            """
            Requests that the vendor takes in each `per`: of all instances together with the store `redis`. With \
            another store each instance asks as fast as this, so each needs its part of what the vendor takes.
            """,
            examples: [10])
        self.per = reader.value(
            "per", .duration(from: .milliseconds(1), to: .seconds(86_400)), default: .seconds(1),
            "The time in which the vendor counts them.",
            examples: ["1s", "1m"])
        self.burst = reader.value(
            "burst", .integer(in: 1...1_000_000, of: "a number of requests"), default: 1,
            """
            Requests that may go out at once after a pause; with 1 they are evenly spread. No more than the vendor \
            takes at once.
            """,
            examples: [1, 10])
        guard let requests else { return nil }
        self.requests = requests
        if self.burst > requests {
            reader.members.refuse(
                at: "burst", message: "burst (\(self.burst)) must not be more than requests (\(requests))")
        }
    }
}
