// Prints what parsing, translating and folding cost per document, beside Foundation in the same run:
//
//     swift run -c release --package-path Benchmarks TranslationBenchmark
//
// Run it on a quiet machine; the figures are of one core.

import Foundation
import BenchmarkBodies
import GatewayJSON
import GatewayTranslation

let dialect = try Dialect(named: "elastic-path")
let plan = try TargetPlan(
    targetName: "elastic-path", dialect: dialect, options: TargetOptions(enabledFields: ["/customFields"]))
let translator = Translator()
let tape = JSONTape()
let id = Array("5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10".utf8)

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

print("operation                      bytes         ns    GB/s   allocs")
for size in [600, 2048, 32_768] {
    let body = ProductBody.update(bytes: size)
    let request = try translator.translate(.update, for: plan, id: id, body: body)
    let answer = VendorAnswer(status: 200, body: request.body)
    let data = Data(body)
    let object = try JSONSerialization.jsonObject(with: data)

    row("parse", body.count, Measurement.of {
        body.withUnsafeBufferPointer { (try? tape.parse($0, limits: .exchange))?.count ?? 0 }
    })
    row("translate", body.count, try Measurement.of {
        try translator.translate(.update, for: plan, id: id, body: body).body.count
    })
    row("fold", request.body.count, Measurement.of {
        guard case .product(let product) = translator.fold(answer, to: request, operation: .update, for: plan)
        else { return 0 }
        return product.product.count
    })
    row("fold and write", request.body.count, Measurement.of {
        guard case .product(let product) = translator.fold(answer, to: request, operation: .update, for: plan)
        else { return 0 }
        return product.json(target: "elastic-path", requestID: "01J9Z3K4").count
    })
    row("JSONSerialization: parse", body.count, try Measurement.of {
        (try JSONSerialization.jsonObject(with: data) as? [String: Any])?.count ?? 0
    })
    row("JSONSerialization: write", body.count, try Measurement.of {
        try JSONSerialization.data(withJSONObject: object).count
    })
}
let refusal = Array(#"{"nam":"x","sku":5,"clientId":"c","name":null,"tags":["a b"]}"#.utf8)
row("refuse", refusal.count, Measurement.of {
    (try? translator.translate(.update, for: plan, id: id, body: refusal))?.body.count ?? 1
})
let failure = VendorAnswer(
    status: 422, body: Array(#"{"errors":[{"title":"Failed Validation","detail":"data.attributes.sku: Must be unique."}]}"#.utf8))
row("fold an error", failure.body.count, Measurement.of {
    guard case .problem(let problem) = translator.fold(failure, to: nil, operation: .update, for: plan) else { return 0 }
    return problem.errors.count
})
