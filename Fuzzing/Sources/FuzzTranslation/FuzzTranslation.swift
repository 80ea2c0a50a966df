import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// What libFuzzer runs: one text through the parser, every built-in dialect's translation and folding, and the
/// reading of dialects. Checks what must hold for any text; a trap or a broken promise ends the process.
///
/// Used by one thread only, as libFuzzer does.
struct FuzzTarget {
    private let plans: [TargetPlan]
    private let constructs = ConstructsTarget()
    private let translator = Translator()
    private let id = Array("P1".utf8)

    init() {
        self.plans = Dialect.builtInNames.compactMap { name in
            (try? Dialect(named: name)).flatMap { try? TargetPlan(targetName: name, dialect: $0) }
        }
        precondition(self.plans.count == Dialect.builtInNames.count, "a built-in dialect cannot be read")
    }

    func run(_ bytes: [UInt8]) {
        for plan in self.plans {
            for handling in [Handling.strict, .lenient] {
                self.translate(.update, plan, bytes, handling)
                self.translate(.create, plan, bytes, handling)
            }
            for status in [200, 400, 404, 500] { self.fold(status, plan, bytes) }
        }
        self.constructs.run(bytes)
        _ = JSONPrettyPrinter.print(bytes)
        for framing in [JSONLineReader.Framing.lines, .sequence] {
            let whole = self.texts(bytes, framing, size: bytes.count + 1)
            precondition(self.texts(bytes, framing, size: 1 + bytes.count % 7) == whole, "pieces change what is read")
        }
    }

    /// A stream of JSON texts, in pieces of `size` bytes: its texts, and what is none.
    private func texts(_ bytes: [UInt8], _ framing: JSONLineReader.Framing, size: Int) -> [String] {
        var reader = JSONLineReader(framing, bytesMax: 64)
        var texts: [String] = []
        func drain() {
            while let item = reader.next() {
                switch item {
                case .text(let number, let range):
                    reader.withBytes(range) { texts.append("\(number) \(Array($0))") }
                case .tooLong(let number): texts.append("\(number) too long")
                case .unframed(let number): texts.append("\(number) unframed")
                }
            }
        }
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { reader.append($0) }
            drain()
            precondition(reader.bytesHeld <= 64 + size, "more is held than may be")
        }
        reader.end()
        drain()
        return texts
    }

    private func translate(_ operation: ProductOperation, _ plan: TargetPlan, _ bytes: [UInt8], _ handling: Handling) {
        do throws(Problem) {
            let request = try self.translator.translate(
                operation, for: plan, id: self.id, body: bytes, handling: handling)
            if request.isJSON { self.requireJSON(request.body) }
            precondition(request.path.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a path that is not ASCII")
            if case .product(let product) = self.translator.fold(
                VendorAnswer(status: 200, body: request.body), to: request, operation: operation, for: plan)
            {
                self.requireJSON(product.product)
            }
        } catch {
            self.requireJSON(error.json(requestID: "fuzz"))
            precondition(error.outcome == .notSent, "a refusal after sending")
        }
    }

    private func fold(_ status: Int, _ plan: TargetPlan, _ bytes: [UInt8]) {
        switch self.translator.fold(VendorAnswer(status: status, body: bytes), to: nil, operation: .update, for: plan) {
        case .product(let product):
            precondition(status == 200, "a success without a success status")
            self.requireJSON(self.id.withUnsafeBufferPointer { product.json(target: "t", requestID: $0) })
        case .problem(let problem):
            self.requireJSON(problem.json(requestID: "fuzz"))
        }
    }

    private func requireJSON(_ bytes: [UInt8]) {
        let limits = JSONLimits(bytesMax: 16 << 20, depthMax: 200)
        precondition((try? JSONDocument(parsing: bytes, limits: limits)) != nil, "what was written is not JSON")
    }
}

nonisolated(unsafe) private let target = FuzzTarget()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// libFuzzer's own driver, from the sanitizer's library.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager gives an executable's entry point this name, and so hides libFuzzer's.
@_cdecl("FuzzTranslation_main")
public func fuzzMain(
    _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var count = argumentCount
    var list = arguments
    return runDriver(&count, &list, fuzzOneInput)
}
