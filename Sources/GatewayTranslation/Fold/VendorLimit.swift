import GatewayHTTP

/// What an answer says of the limit that its vendor keeps.
package struct VendorLimit: Equatable, Sendable {
    /// Requests that the vendor takes before it gives more.
    package var remaining: UInt64
    /// Until it takes all again; nil where it does not say.
    package var untilResetNanoseconds: UInt64?
}

extension TargetPlan {
    /// Whether answers may say so.
    package var hasLimits: Bool { self.dialect.limits != nil }

    /// Nil where the answer says nothing that can be read.
    package func limit(in answer: VendorAnswer, nowEpochSeconds: Int) -> VendorLimit? {
        guard let limits = self.dialect.limits else { return nil }
        func value(_ name: String?) -> String? {
            name.flatMap { answer.header($0) }.map { FieldValue.trimmed($0) }
        }
        let remaining: Int?
        if let used = limits.used {
            let parts = value(used)?.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) } ?? []
            if parts.count == 2, let taken = parts[0], let all = parts[1], taken >= 0, all >= 0 {
                remaining = max(0, all - taken)
            } else {
                remaining = nil
            }
        } else {
            remaining = value(limits.remaining).flatMap { Int($0) }
        }
        guard let remaining, remaining >= 0 else { return nil }
        let reset = value(limits.reset).flatMap { Int($0) }.flatMap {
            Self.nanoseconds($0, limits.unit, nowEpochSeconds: nowEpochSeconds)
        }
        return VendorLimit(remaining: UInt64(remaining), untilResetNanoseconds: reset)
    }

    /// A day at most: beyond, the number says nothing that could be used.
    private static func nanoseconds(_ value: Int, _ unit: Dialect.Limits.Unit, nowEpochSeconds: Int) -> UInt64? {
        let day = 86_400
        guard value >= 0 else { return nil }
        return switch unit {
        case .seconds: UInt64(min(value, day)) * 1_000_000_000
        case .milliseconds: UInt64(min(value, day * 1000)) * 1_000_000
        case .epoch: UInt64(max(0, min(value, nowEpochSeconds + day) - nowEpochSeconds)) * 1_000_000_000
        }
    }
}
