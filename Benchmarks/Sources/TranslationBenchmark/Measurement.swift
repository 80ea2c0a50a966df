import CBenchmarkCounts

/// What one operation on one document costs.
struct Measurement {
    let nanoseconds: Double
    let allocations: Double

    /// Repeats an operation in rounds; the fastest round counts, because whatever else the machine does only adds.
    static func of(_ operation: () throws -> Int) rethrows -> Measurement {
        let clock = ContinuousClock()
        var sink = 0
        // The first runs grow the reused storage.
        for _ in 0..<100 { sink &+= try operation() }
        let before = allocation_count()
        for _ in 0..<100 { sink &+= try operation() }
        let allocations = Double(allocation_count() - before) / 100
        var best = Double.infinity
        for _ in 0..<20 {
            var runs = 0
            let start = clock.now
            var elapsed = Duration.zero
            while elapsed < .milliseconds(20) {
                for _ in 0..<50 { sink &+= try operation() }
                runs += 50
                elapsed = clock.now - start
            }
            let nanoseconds = Double(elapsed.components.seconds) * 1e9 + Double(elapsed.components.attoseconds) / 1e9
            best = min(best, nanoseconds / Double(runs))
        }
        self.keep(sink)
        return Measurement(nanoseconds: best, allocations: allocations)
    }

    /// Keeps the compiler from leaving out what is measured.
    @inline(never)
    static func keep(_: Int) {}
}
