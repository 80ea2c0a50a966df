import GatewayJSON

/// What is the same in the documents of all problems of one code, written once. Immutable; shared by all workers.
final class ProblemDocuments: Sendable {
    static let shared = ProblemDocuments()

    /// By the code's byte: `{"type":"…","title":"…","status":…,"detail":`.
    private let starts: FrozenBuffer<PooledBytes>
    /// By the code's byte: `,"code":"…","origin":"`.
    private let middles: FrozenBuffer<PooledBytes>
    private let statuses: FrozenBuffer<Int>
    private let pool: FrozenBuffer<UInt8>

    private init() {
        var pool = BytePoolBuilder()
        var starts = [PooledBytes](repeating: PooledBytes(), count: 256)
        var middles = starts
        var statuses = [Int](repeating: 500, count: 256)
        for code in ProblemCode.allCases {
            let meaning = code.meaning
            var start: [UInt8] = []
            Self.appendType(of: code, to: &start)
            start.append(quoting: meaning.title)
            Self.appendStatus(meaning.status, to: &start)
            starts[code.byte] = pool.add(start)
            middles[code.byte] = pool.add(",\"code\":\"\(code.rawValue)\",\"origin\":\"".utf8)
            statuses[code.byte] = meaning.status
        }
        self.starts = FrozenBuffer(starts)
        self.middles = FrozenBuffer(middles)
        self.statuses = FrozenBuffer(statuses)
        self.pool = FrozenBuffer(pool.bytes)
    }

    func status(of code: ProblemCode) -> Int { self.statuses[code.byte] }

    /// All that is before the detail.
    func appendStart(of code: ProblemCode, to output: inout some JSONSink & ~Copyable) {
        output.append(bytes: self.pool.view(self.starts[code.byte]))
    }

    /// The same with a vendor's title.
    func appendStart(
        of code: ProblemCode, title: UnsafeBufferPointer<UInt8>, to output: inout some JSONSink & ~Copyable
    ) {
        Self.appendType(of: code, to: &output)
        output.append(quoting: title)
        Self.appendStatus(self.status(of: code), to: &output)
    }

    /// What follows the detail, up to the origin's quote.
    func appendMiddle(of code: ProblemCode, to output: inout some JSONSink & ~Copyable) {
        output.append(bytes: self.pool.view(self.middles[code.byte]))
    }

    private static func appendType(of code: ProblemCode, to output: inout some JSONSink & ~Copyable) {
        output.append(literal: "{\"type\":\"/problems/")
        output.append(text: code.rawValue)
        output.append(literal: "\",\"title\":")
    }

    private static func appendStatus(_ status: Int, to output: inout some JSONSink & ~Copyable) {
        output.append(literal: ",\"status\":")
        output.append(decimal: status)
        output.append(literal: ",\"detail\":")
    }
}

extension ProblemCode {
    /// A number for each code, whichever: how the compiler tells them apart.
    fileprivate var byte: Int { withUnsafeBytes(of: self) { Int($0.first ?? 0) } }
}
