import GatewayJSON
import GatewayProxy
import GatewayStore

/// What is known of an idempotency key, as it is printed.
struct KnownKey {
    /// As the log has it in `key`.
    let digits: String
    let record: RecordView
    let targets: [KeyInquiry.Finding.Target]

    var text: String {
        var lines = ["\(self.digits): first used by request \(self.record.request.requestID)"]
        if let milliseconds = self.record.leaseMilliseconds {
            lines.append("  under way, for \((milliseconds + 999) / 1000) s more at most")
        }
        lines.append("  kept for \(self.record.expiresInMilliseconds / 60_000) minutes more")
        for target in self.targets {
            lines.append("  \(target.name): \(Self.words(for: target))")
        }
        return lines.joined(separator: "\n")
    }

    private static func words(for target: KeyInquiry.Finding.Target) -> String {
        switch target.stage {
        case .claimed: return "claimed; nothing was sent"
        case .sending: return "sent, or about to be; what became of it is not known"
        case .done:
            guard let status = target.status, let code = target.code else { return "done; kept by another version" }
            return "done; answered with \(status) \(code)"
        }
    }

    var json: String {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("key", self.digits)
        writer.member("known", true)
        writer.member("requestId", self.record.request.requestID)
        if let milliseconds = self.record.leaseMilliseconds { writer.member("leaseMilliseconds", milliseconds) }
        writer.member("expiresInMilliseconds", self.record.expiresInMilliseconds)
        writer.name("targets")
        writer.beginArray()
        for target in self.targets {
            writer.beginObject()
            writer.member("target", target.name)
            writer.member("stage", "\(target.stage)")
            if let status = target.status { writer.member("status", status) }
            if let code = target.code { writer.member("code", code) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
