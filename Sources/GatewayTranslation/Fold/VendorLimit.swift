import GatewayHTTP
import GatewayJSON

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
        if let points = limits.points { return Self.limit(points, in: answer) }
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

    /// What points allow: as many requests as the last one could be sent again.
    private static func limit(_ points: Dialect.Limits.Points, in answer: VendorAnswer) -> VendorLimit? {
        guard answer.isComplete, let root = (try? JSONDocument(parsing: answer.body, limits: .exchange))?.root else {
            return nil
        }
        func number(_ tokens: [String]) -> Double? {
            guard let node = root.value(at: tokens), node.kind == .number else { return nil }
            return Double(String(decoding: node.rawBytes, as: UTF8.self)).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        }
        guard let available = number(points.available), let cost = number(points.cost), cost > 0 else { return nil }
        let remaining = UInt64(min(available / cost, 1_000_000_000))
        guard remaining == 0 else { return VendorLimit(remaining: remaining, untilResetNanoseconds: nil) }
        guard let rate = number(points.restoreRate), rate > 0 else { return nil }
        let seconds = min((cost - available) / rate, 86_400)
        return VendorLimit(remaining: 0, untilResetNanoseconds: UInt64(max(0, seconds) * 1_000_000_000))
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
