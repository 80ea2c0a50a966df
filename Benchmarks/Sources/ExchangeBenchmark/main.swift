// What one exchange costs the gateway: a real gateway with one worker between a caller (HTTP/2 over TLS) and a vendor
// (HTTP/2 without), all in this process.
//
//     ExchangeBenchmark LOAD [EXCHANGES]        LOAD: 0.6k, 2k, 32k, rejected, merged, keyed, traced, audited, token,
//                                               certificate or bulk
//     ExchangeBenchmark keyed EXCHANGES STORE   STORE: file:PATH or redis://HOST[:PORT]
//     ExchangeBenchmark NAME:N [EXCHANGES]      a load of which one thing grows; without arguments it names them
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
// included, which take most of the time. `workers:N` prints what the workers share, too: the objects that several
// threads retain and release. `loading:N` counts the reading of a configuration, and `reloading:N` what a worker does
// to have it in force; neither sends anything while it counts. Under `valgrind --tool=callgrind --instr-atstart=no
// --separate-threads=yes` the counted exchanges alone are in callgrind's output; scripts/benchmark-counts reads the
// worker's thread from it.

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
guard arguments.count >= 2, let load = BenchmarkLoad(arguments[1]) else {
    print(BenchmarkLoad.usage)
    exit(64)
}
let keptAt = arguments.count > 3 ? arguments[3] : ""
let keyStore =
    keptAt.hasPrefix("file:")
    ? #""store": {"engine": "file", "path": "\#(keptAt.dropFirst(5))", "timeout": "5s"},"#
    : keptAt.isEmpty ? "" : #""store": {"engine": "redis", "url": "\#(keptAt)", "timeout": "5s"},"#
let streams = load.streams(keptAt: keptAt)
let wanted = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 2000

let identity = try BenchmarkIdentity(load)
let vendor = try BenchmarkVendor.start(
    status: load.isRejected ? 422 : 200, answer: load.isRejected ? BenchmarkAnswer.errors : BenchmarkAnswer.product)
let certificate = try DevelopmentCertificate()
let text = load.configuration(
    vendorPort: vendor.port, sections: "\(keyStore) \(identity.configuration)", listener: identity.listener)
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

/// A configuration that was read: what a gateway is started with, or goes on with.
struct BenchmarkConfiguration: Sendable {
    let configuration: Configuration
    let targets: ConfiguredTargets
    let listener: ConfiguredListener
    let callers: ConfiguredCallers
    let store: ConfiguredStore
    let spans: ConfiguredTracing

    init(_ inputs: ConfigurationInputs, inForce: BenchmarkConfiguration? = nil) {
        let (file, loaded) = ("benchmark.json", Configuration.load(path: "benchmark.json", inputs: inputs))
        guard let configuration = loaded.configuration else {
            print(loaded.diagnostics.map(\.description).joined(separator: "\n"))
            exit(1)
        }
        self.configuration = configuration
        self.targets = ConfiguredTargets(configuration, file: file, inputs: inputs, inForce: inForce?.targets)
        self.listener = ConfiguredListener(configuration, file: file, inputs: inputs)
        self.callers = ConfiguredCallers(
            configuration, file: file, inputs: inputs, targets: self.targets, inForce: inForce?.callers)
        self.store = ConfiguredStore(configuration, file: file, inputs: inputs)
        self.spans = ConfiguredTracing(configuration, file: file, inputs: inputs)
    }
}

if load.name == "loading" {
    // What is made once for all configurations is made before.
    _ = BenchmarkConfiguration(inputs)
    let before = allocation_count()
    instruction_count_start()
    _ = BenchmarkConfiguration(inputs)
    instruction_count_stop()
    print("exchanges 1")
    print("allocations \(allocation_count() - before)")
    try vendor.stop()
    exit(0)
}
let read = BenchmarkConfiguration(inputs)
// With the access log as in production; where it goes costs nothing.
let settings = LogSettings(read.configuration.logging)
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
    [read, inputs, settings, logWriter] in
    try await Gateway.start(
        read.configuration, targets: read.targets, listener: read.listener, store: read.store, tracing: read.spans,
        callers: read.callers, inputs: inputs, logger: Logger(label: "benchmark"), logSettings: settings,
        logWriter: logWriter)
}
let caller = try BenchmarkCaller.connect(
    load.connections, port: gateway.port, authority: certificate.certificate,
    job: BenchmarkCaller.Job(
        path: load.path, body: load.body, expectedStatus: load.expectedStatus, streams: streams,
        hasKeys: load.hasKeys, isBulk: load.isBulk, authorization: identity.authorization,
        identity: identity.certificate.map { ($0.certificate, $0.privateKey) }))
// The store may still be opened or connected to; keys are refused until then.
if !keptAt.isEmpty { sleep(1) }
try caller.run(rounds: 5)

let rounds = max(1, wanted / (load.connections * streams))
let again = load.name == "reloading" ? BenchmarkConfiguration(inputs, inForce: read) : nil
if load.name == "workers" { shared_count_start() }
let before = allocation_count()
let begun = ContinuousClock.now
instruction_count_start()
if let again {
    try waiting { [gateway] in
        try await gateway.reload(
            again.configuration, targets: again.targets, listener: again.listener, store: again.store,
            callers: again.callers)
    }
} else {
    try caller.run(rounds: rounds)
}
instruction_count_stop()
let after = allocation_count()
shared_count_stop()
let seconds = (ContinuousClock.now - begun) / .seconds(1)
let exchanges = again == nil ? rounds * load.connections * streams : 1
print("exchanges \(exchanges)")
print("allocations \(Double(after - before) / Double(exchanges))")
if load.name == "workers" {
    SharedObjects.print(exchanges: exchanges)
} else {
    print("persecond \(Int(Double(exchanges) / seconds))")
}

try caller.stop()
_ = try waiting { [gateway] in await gateway.stop(within: .seconds(5)) }
try vendor.stop()
