// What parsing, translating and folding cost per document:
//
//     TranslationBenchmark                                 a table, beside Foundation in the same run
//     TranslationBenchmark count OPERATION SIZE [N]        exactly N times one operation
//
// OPERATION: parse, translate, fold, answer (fold, and write the canonical answer), refuse (the gateway's own
// refusal) or rejected (fold a vendor's refusal, and write the problem). SIZE: 0.6k, 2k or 32k; for a refusal it
// says nothing. `count` prints allocations; under `valgrind --tool=callgrind --instr-atstart=no` the counted
// operations alone are in callgrind's output.
//
// Run the table on a quiet machine; the figures are of one core.

import BenchmarkBodies
import CBenchmarkCounts
import Foundation
import GatewayTranslation

let plan = try BenchmarkOperation.plan()
let translator = Translator()

@MainActor func count(_ arguments: [String]) throws -> Bool {
    guard arguments.count >= 2, let size = BenchmarkOperation.sizes[arguments[1]] else { return false }
    let runs = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 1000
    let operations =
        try BenchmarkOperation.ofExchange(size: size, plan: plan, translator: translator)
        + BenchmarkOperation.ofRefusals(plan: plan, translator: translator)
    guard runs > 0, let operation = operations.first(where: { $0.name == arguments[0] }) else { return false }
    var sink = 0
    // The first runs grow the reused storage.
    for _ in 0..<20 { sink &+= try operation.run() }
    let before = allocation_count()
    instruction_count_start()
    for _ in 0..<runs { sink &+= try operation.run() }
    instruction_count_stop()
    let allocations = allocation_count() - before
    Measurement.keep(sink)
    print("operations \(runs)")
    print("allocations \(Double(allocations) / Double(runs))")
    return true
}

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func row(_ name: String, _ bytes: Int, _ measurement: Measurement) {
    let rate = Double(bytes) / measurement.nanoseconds
    print(
        name.padding(toLength: 28, withPad: " ", startingAt: 0), padded(String(bytes), 7),
        padded(String(format: "%.0f", measurement.nanoseconds), 10),
        padded(String(format: "%.2f", rate), 7), padded(String(format: "%.0f", measurement.allocations), 8))
}

@MainActor func printTable() throws {
    print("operation                      bytes         ns    GB/s   allocs")
    for size in BenchmarkOperation.sizes.values.sorted() {
        for operation in try BenchmarkOperation.ofExchange(size: size, plan: plan, translator: translator) {
            row(operation.name, operation.bytes, try Measurement.of(operation.run))
        }
        let data = Data(ProductBody.update(bytes: size))
        let object = try JSONSerialization.jsonObject(with: data)
        row(
            "JSONSerialization: parse", data.count,
            try Measurement.of {
                (try JSONSerialization.jsonObject(with: data) as? [String: Any])?.count ?? 0
            })
        row(
            "JSONSerialization: write", data.count,
            try Measurement.of {
                try JSONSerialization.data(withJSONObject: object).count
            })
    }
    for operation in try BenchmarkOperation.ofRefusals(plan: plan, translator: translator) {
        row(operation.name, operation.bytes, try Measurement.of(operation.run))
    }
}

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.isEmpty {
    try printTable()
} else if try arguments[0] != "count" || !count(Array(arguments.dropFirst())) {
    print("usage: TranslationBenchmark [count parse|translate|fold|answer|refuse|rejected 0.6k|2k|32k [N]]")
    exit(64)
}
