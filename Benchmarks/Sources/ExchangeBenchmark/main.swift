// What one exchange costs the gateway: a real gateway with one worker between a caller (HTTP/2 over TLS) and a vendor
// (HTTP/2 without), all in this process.
//
//     ExchangeBenchmark LOAD [EXCHANGES]        LOAD: 0.6k, 2k, 32k, rejected, merged, keyed, traced, audited, token,
//                                               certificate or bulk
//     ExchangeBenchmark keyed EXCHANGES STORE   STORE: file:PATH or redis://HOST[:PORT]
//
// `merged` is an update of 2 KB that replaces a map: the product is read, merged and written, one after the other. For
// the other loads the vendor merges maps itself, so that each update is one request. `keyed` is an update of 2 KB with
// an idempotency key of its own, kept in memory. `traced` is 0.6k with spans on, of which no trace is kept: what is
// noted for spans, and the decision. `audited` is 0.6k with an audit and no callers; `token` and `certificate` are the
// same of a caller with rules, by a token that is known and by a client certificate: what they cost more than `audited`
// is what callers cost. `bulk` is updates of 2 KB as lines of streams, each of another product: what is counted is a
// line.
//
// With a store, keys are kept there. Prints heap allocations per exchange and exchanges per second, caller and vendor
// included, which take most of the time. Under `valgrind --tool=callgrind --instr-atstart=no --separate-threads=yes`
// the counted exchanges alone are in callgrind's output; scripts/benchmark-counts reads the worker's thread from it.

import BenchmarkBodies
import CBenchmarkCounts
import Dispatch
import GatewayConfiguration
import GatewayIdentity
import GatewayProxy
import GatewayTLS
import GatewayTranslation
import Glibc
import Logging

let arguments = CommandLine.arguments
let sizes = [
    "0.6k": 600, "2k": 2048, "32k": 32_768, "rejected": 600, "merged": 2048, "keyed": 2048, "traced": 600,
    "audited": 600, "token": 600, "certificate": 600, "bulk": 2048,
]
guard arguments.count >= 2, let size = sizes[arguments[1]] else {
    print("usage: ExchangeBenchmark \(sizes.keys.sorted().joined(separator: "|")) [EXCHANGES]")
    exit(64)
}
let isRejected = arguments[1] == "rejected"
// Nobody listens there, and nothing is sent there.
let tracing = arguments[1] == "traced" ? #""tracing": {"endpoint": "http://127.0.0.1:9", "sample": 0},"# : ""
let isMerged = arguments[1] == "merged"
let isBulk = arguments[1] == "bulk"
// All update the same product; where it has to be read first they would wait for each other.
let connections = isMerged ? 1 : 4
let keptAt = arguments.count > 3 ? arguments[3] : ""
let streams = isMerged ? 1 : keptAt.isEmpty ? 10 : 25
let keyStore =
    keptAt.hasPrefix("file:")
    ? #""store": {"engine": "file", "path": "\#(keptAt.dropFirst(5))", "timeout": "5s"},"#
    : keptAt.isEmpty ? "" : #""store": {"engine": "redis", "url": "\#(keptAt)", "timeout": "5s"},"#
let rounds = max(1, (arguments.count > 2 ? Int(arguments[2]) ?? 0 : 2000) / (connections * streams))

let identity = try BenchmarkIdentity(load: arguments[1])
let vendor = try BenchmarkVendor.start(
    status: isRejected ? 422 : 200, answer: isRejected ? BenchmarkAnswer.errors : BenchmarkAnswer.product)
let certificate = try DevelopmentCertificate()
let dialect = (Dialect.document(named: "elastic-path") ?? "")
    .replacing(#""name": "elastic-path""#, with: #""name": "benchmark""#)
    .replacing(#""map": "replace""#, with: isMerged ? #""map": "replace""# : #""map": "merge""#)
let text = """
    {"listener": {"host": "127.0.0.1", "port": 0,
                  "tls": {"certificate": "certificate.pem", "privateKey": "key.pem" \(identity.listener)}},
     "admin": {"host": "127.0.0.1", "port": 0}, "workers": 1, "logging": {"level": "info"},
     \(tracing) \(keyStore) \(identity.configuration) "defaultTarget": "vendor",
     "dialects": {"benchmark": \(dialect)},
     "targets": {"vendor": {"dialect": "benchmark", "baseURL": "http://127.0.0.1:\(vendor.port)",
                            "enable": ["/customFields"]}}}
    """
let inputs = ConfigurationInputs(
    environment: { _ in nil },
    readFile: { path, _ in
        if let own = identity.file(path) { return .success(own) }
        return .success(
            path.hasSuffix("key.pem")
                ? certificate.privateKey
                : path.hasSuffix("certificate.pem") ? certificate.certificate : Array(text.utf8))
    },
    epochSeconds: { Int(time(nil)) }, builtInDialects: Dialect.builtInNames, secrets: .required)
let loaded = Configuration.load(path: "benchmark.json", inputs: inputs)
guard let configuration = loaded.configuration else {
    print(loaded.diagnostics.map(\.description).joined(separator: "\n"))
    exit(1)
}
let targets = ConfiguredTargets(configuration, file: "benchmark.json", inputs: inputs)
let listener = ConfiguredListener(configuration, file: "benchmark.json", inputs: inputs)
let callers = ConfiguredCallers(configuration, file: "benchmark.json", inputs: inputs, targets: targets)
let store = ConfiguredStore(configuration, file: "benchmark.json", inputs: inputs)
let spans = ConfiguredTracing(configuration, file: "benchmark.json", inputs: inputs)
// With the access log as in production; where it goes costs nothing.
let settings = LogSettings(configuration.logging)
let logWriter = LogWriter(settings: settings, descriptor: open("/dev/null", O_WRONLY))
LoggingSystem.bootstrap { _ in GatewayLogHandler(settings: settings, writer: logWriter) }

/// The only asynchronous part; the main thread waits, because callgrind cannot follow a main thread that has ended.
func waiting<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var result: Result<Value, any Error>?
    Task.detached {
        do { result = .success(try await work()) } catch { result = .failure(error) }
        done.signal()
    }
    done.wait()
    guard let result else { fatalError("the task signals only after it has set its result") }
    return try result.get()
}

let gateway = try waiting {
    [configuration, targets, listener, store, spans, callers, inputs, settings, logWriter] in
    try await Gateway.start(
        configuration, targets: targets, listener: listener, store: store, tracing: spans, callers: callers,
        inputs: inputs, logger: Logger(label: "benchmark"), logSettings: settings, logWriter: logWriter)
}
let caller = try BenchmarkCaller.connect(
    connections, port: gateway.port, authority: certificate.certificate,
    job: BenchmarkCaller.Job(
        path: isBulk ? "/v1/bulk" : "/v1/products/5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10",
        body: ProductBody.update(bytes: size), expectedStatus: isRejected ? 422 : 200, streams: streams,
        hasKeys: arguments[1] == "keyed", isBulk: isBulk, authorization: identity.authorization,
        identity: identity.certificate.map { ($0.certificate, $0.privateKey) }))
// The store may still be opened or connected to; keys are refused until then.
if !keptAt.isEmpty { sleep(1) }
try caller.run(rounds: 5)

let before = allocation_count()
let begun = ContinuousClock.now
instruction_count_start()
try caller.run(rounds: rounds)
instruction_count_stop()
let after = allocation_count()
let seconds = (ContinuousClock.now - begun) / .seconds(1)
let exchanges = rounds * connections * streams
print("exchanges \(exchanges)")
print("allocations \(Double(after - before) / Double(exchanges))")
print("persecond \(Int(Double(exchanges) / seconds))")

try caller.stop()
_ = try waiting { [gateway] in await gateway.stop(within: .seconds(5)) }
try vendor.stop()
