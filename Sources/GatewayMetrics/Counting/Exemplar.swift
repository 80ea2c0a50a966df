/// One observation that stands for a bucket of a histogram: a trace that somebody can look at.
package struct Exemplar: Sendable, Equatable {
    /// 32 hexadecimal digits.
    package let traceID: String
    package let nanoseconds: UInt64
    package let epochNanoseconds: Int

    package init(traceID: String, nanoseconds: UInt64, epochNanoseconds: Int) {
        self.traceID = traceID
        self.nanoseconds = nanoseconds
        self.epochNanoseconds = epochNanoseconds
    }
}
