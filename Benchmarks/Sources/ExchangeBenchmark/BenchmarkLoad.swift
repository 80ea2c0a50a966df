import BenchmarkBodies
import GatewayTranslation
import Glibc

/// What one run of the benchmark does: `NAME`, or `NAME:AMOUNT` for a load of which one thing grows.
struct BenchmarkLoad: Sendable {
    let name: String
    /// How much there is of what grows; 1 where nothing does.
    let amount: Int

    private static let bytes = [
        "0.6k": 600, "2k": 2048, "32k": 32_768, "rejected": 600, "merged": 2048, "keyed": 2048, "traced": 600,
        "audited": 600, "token": 600, "certificate": 600, "bulk": 2048,
    ]
    /// Loads that grow, and what the amount is of.
    private static let growing = [
        "bytes": "bytes of a body", "members": "custom fields of a body", "targets": "targets of a request",
        "configured": "targets that are configured", "callers": "callers that are configured",
        "workers": "event loops", "loading": "targets of a configuration that is read",
        "reloading": "targets of a configuration that is put in force",
    ]

    static var usage: String {
        let growing = Self.growing.sorted { $0.key < $1.key }.map { "    \($0.key):N    N \($0.value)" }
        return """
            usage: ExchangeBenchmark \(Self.bytes.keys.sorted().joined(separator: "|")) [EXCHANGES [STORE]]
                   ExchangeBenchmark NAME:N [EXCHANGES]
            \(growing.joined(separator: "\n"))
            """
    }

    /// Nil for what is no load.
    init?(_ argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
        self.name = parts.first ?? ""
        if parts.count == 2 {
            guard Self.growing[self.name] != nil, let amount = Int(parts[1]), amount > 0 else { return nil }
            self.amount = amount
        } else {
            guard Self.bytes[self.name] != nil else { return nil }
            self.amount = 1
        }
    }

    var isRejected: Bool { self.name == "rejected" }
    var isMerged: Bool { self.name == "merged" }
    var isBulk: Bool { self.name == "bulk" }
    var hasKeys: Bool { self.name == "keyed" }

    /// How many workers the gateway has.
    var workers: Int { self.name == "workers" ? self.amount : 1 }

    /// How many targets are configured: `vendor`, or `vendor-1` and so on.
    private var configuredTargets: Int {
        ["targets", "configured", "loading", "reloading"].contains(self.name) ? self.amount : 1
    }

    private var targetNames: [String] { (1...self.configuredTargets).map { "vendor-\($0)" } }

    /// All update the same product; where it has to be read first they would wait for each other. Several workers share
    /// the connections as the system sees fit: there are enough for each to get some.
    var connections: Int { self.isMerged ? 1 : 4 * self.workers }

    func streams(keptAt store: String) -> Int {
        if self.isMerged { return 1 }
        // So many large bodies at once are within what the gateway holds for one connection.
        if self.name == "bytes", self.amount > 100_000 { return 4 }
        return store.isEmpty ? 10 : 25
    }

    var body: [UInt8] {
        switch self.name {
        case "bytes": ProductBody.update(bytes: self.amount)
        case "members": ProductBody.update(customFields: self.amount)
        default: ProductBody.update(bytes: Self.bytes[self.name] ?? 600)
        }
    }

    var path: String {
        if self.isBulk { return "/v1/bulk" }
        let targets =
            self.name == "targets"
            ? "?target=" + self.targetNames.joined(separator: ",")
            : self.name == "configured" ? "?target=vendor-\(self.amount)" : ""
        return "/v1/products/5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10" + targets
    }

    var expectedStatus: Int { self.isRejected ? 422 : self.name == "targets" && self.amount > 1 ? 207 : 200 }

    /// The configuration: `sections` are further members, each with a comma behind it.
    func configuration(vendorPort: Int, sections: String, listener: String) -> String {
        let dialect = (Dialect.document(named: "elastic-path") ?? "")
            .replacing(#""name": "elastic-path""#, with: #""name": "benchmark""#)
            .replacing(#""map": "replace""#, with: self.isMerged ? #""map": "replace""# : #""map": "merge""#)
        // Nobody listens there, and nothing is sent there.
        let tracing = self.name == "traced" ? #""tracing": {"endpoint": "http://127.0.0.1:9", "sample": 0},"# : ""
        let limits = self.name == "targets" ? #""limits": {"targetsPerRequest": 64},"# : ""
        // They have one vendor, and so its connections and one queue.
        let queue = self.name == "targets" ? #", "queue": {"max": 4096}"# : ""
        let target = """
            {"dialect": "benchmark", "baseURL": "http://127.0.0.1:\(vendorPort)", "enable": ["/customFields"] \(queue)}
            """
        let targets = self.targetNames.map { "\"\($0)\": \(target)" }
        return """
            {"listener": {"host": "127.0.0.1", "port": 0,
                          "tls": {"certificate": "certificate.pem", "privateKey": "key.pem" \(listener)}},
             "admin": {"host": "127.0.0.1", "port": 0}, "workers": \(self.workers), "logging": {"level": "info"},
             \(tracing) \(limits) \(sections) "defaultTarget": "vendor-1",
             "dialects": {"benchmark": \(dialect)}, "targets": {\(targets.joined(separator: ", "))}}
            """
    }
}
