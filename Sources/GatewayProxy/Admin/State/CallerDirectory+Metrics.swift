import GatewayMetrics
import NIOCore

extension CallerDirectory {
    /// What callers have asked, and the state of issuers' keys.
    func collect(into values: inout CollectedValues) {
        let codes = LabelValues.gateway.codes
        for caller in self.callers {
            for (code, count) in caller.counts.values {
                values.add(.callerRequests, labels: [caller.name, codes[code]], .integer(count))
            }
        }
        let now = NIODeadline.now().uptimeNanoseconds
        for source in self.keySets {
            let report = source.report(now: now)
            values.add(.issuerKeys, labels: [source.name], .integer(report.keyCount))
            if let age = report.age {
                values.add(.issuerKeysAge, labels: [source.name], .nanoseconds(Int(clamping: age)))
            }
            values.add(.issuerKeyFetches, labels: [source.name, "ok"], .integer(report.fetches))
            values.add(.issuerKeyFetches, labels: [source.name, "failed"], .integer(report.failures))
        }
    }
}
