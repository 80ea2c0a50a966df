import GatewayDocuments
import GatewayHTTP

/// What a caller prefers (RFC 7240). Preferences that we do not know are ignored, as section 2 asks.
struct Preferences: Equatable {
    /// `handling=strict` or `handling=lenient`.
    var handling: Handling?
    /// `return=minimal`, where it came before any other `return`.
    var isMinimal: Bool { self.returned == .minimal }
    /// The first `return`, whatever it asks for.
    private var returned: Returned?
    private enum Returned { case minimal, other }
    /// How long the caller waits for an answer (section 4.3).
    private(set) var waitSeconds: Int?
    var waitNanoseconds: UInt64? { self.waitSeconds.map { UInt64($0) &* 1_000_000_000 } }
    /// Beyond, it says nothing: no target may take longer.
    private static let waitSecondsMax = 86_400

    mutating func read(_ value: UnsafeBufferPointer<UInt8>) {
        for preference in Preference.list(value) {
            // The first of two contradictions counts (section 2).
            switch (preference.name, preference.value) {
            case ("handling", "strict") where self.handling == nil: self.handling = .strict
            case ("handling", "lenient") where self.handling == nil: self.handling = .lenient
            case ("return", let value) where self.returned == nil:
                self.returned = value == "minimal" ? .minimal : .other
            case ("wait", let value) where self.waitSeconds == nil:
                if let seconds = Int(value), seconds >= 0 { self.waitSeconds = min(seconds, Self.waitSecondsMax) }
            default: break
            }
        }
    }

    /// What was applied of it, for `Preference-Applied`.
    var applied: String? {
        var applied: [String] = []
        switch self.handling {
        case .strict: applied.append("handling=strict")
        case .lenient: applied.append("handling=lenient")
        case nil: break
        }
        if self.isMinimal { applied.append("return=minimal") }
        if let seconds = self.waitSeconds { applied.append("wait=\(seconds)") }
        return applied.isEmpty ? nil : applied.joined(separator: ", ")
    }
}
