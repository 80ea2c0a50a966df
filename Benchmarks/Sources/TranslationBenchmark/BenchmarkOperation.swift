import BenchmarkBodies
import GatewayJSON
import GatewayTranslation

/// One operation on one document, to be repeated. Returns something that depends on all that it did.
struct BenchmarkOperation {
    let name: String
    /// The length of what is read.
    let bytes: Int
    let run: () throws -> Int

    static let sizes = ["0.6k": 600, "2k": 2048, "32k": 32_768]
    static let id = Array("5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10".utf8)
    private static let requestID = "01J9Z3K4"
    private static let requestIDBytes = Array(requestID.utf8)
    private static let refusal = Array(#"{"nam":"x","sku":5,"clientId":"c","name":null,"tags":["a b"]}"#.utf8)
    /// A refusal in the vendor's shape.
    private static let failure = Array(
        """
        {"errors":[{"title":"Failed Validation","detail":"data.attributes.sku: sku already exists.","status":"422"}]}
        """.utf8)

    static func plan() throws -> TargetPlan {
        try TargetPlan(
            targetName: "elastic-path", dialect: Dialect(named: "elastic-path"),
            options: TargetOptions(enabledFields: ["/customFields"]))
    }

    /// What is done once for each exchange, with a body of about `size` bytes, which the vendor answers as it is.
    static func ofExchange(size: Int, plan: TargetPlan, translator: Translator) throws -> [BenchmarkOperation] {
        let body = ProductBody.update(bytes: size)
        let request = try translator.translate(.update, for: plan, id: self.id, body: body)
        let answer = VendorAnswer(status: 200, body: request.body)
        let tape = JSONTape()
        return [
            BenchmarkOperation(name: "parse", bytes: body.count) {
                body.withUnsafeBufferPointer { (try? tape.parse($0, limits: .exchange))?.count ?? 0 }
            },
            BenchmarkOperation(name: "translate", bytes: body.count) {
                try translator.translate(.update, for: plan, id: self.id, body: body).body.count
            },
            BenchmarkOperation(name: "fold", bytes: answer.body.count) {
                guard case .product(let product) = translator.fold(answer, to: request, operation: .update, for: plan)
                else { return 0 }
                return product.product.count
            },
            BenchmarkOperation(name: "answer", bytes: answer.body.count) {
                guard case .product(let product) = translator.fold(answer, to: request, operation: .update, for: plan)
                else { return 0 }
                return self.requestIDBytes.withUnsafeBufferPointer {
                    product.json(target: "elastic-path", requestID: $0).count
                }
            },
        ]
    }

    /// What is done where the gateway or the vendor refuses.
    static func ofRefusals(plan: TargetPlan, translator: Translator) throws -> [BenchmarkOperation] {
        let request = try translator.translate(.update, for: plan, id: self.id, body: ProductBody.update(bytes: 600))
        let answer = VendorAnswer(status: 422, body: self.failure)
        return [
            BenchmarkOperation(name: "refuse", bytes: self.refusal.count) {
                do throws(Problem) {
                    return try translator.translate(.update, for: plan, id: self.id, body: self.refusal).body.count
                } catch {
                    return error.json(requestID: self.requestID).count
                }
            },
            BenchmarkOperation(name: "rejected", bytes: self.failure.count) {
                guard case .problem(let problem) = translator.fold(answer, to: request, operation: .update, for: plan)
                else { return 0 }
                return problem.json(requestID: self.requestID).count
            },
        ]
    }
}
