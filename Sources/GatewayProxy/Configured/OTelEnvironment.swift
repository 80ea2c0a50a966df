import GatewayConfiguration
import GatewayHTTP

/// What OpenTelemetry's environment variables say (OpenTelemetry specification, "SDK environment variables" and
/// "OTLP exporter configuration"). A variable that is empty counts as absent.
struct OTelEnvironment {
    struct Mistake: Error, Equatable {
        let sentence: String
    }

    private let read: (String) -> String?

    init(_ read: @escaping (String) -> String?) {
        self.read = read
    }

    private subscript(name: String) -> String? { self.read(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// The variable of traces, or the one of all signals.
    private func otlp(_ name: String) -> String? {
        self["OTEL_EXPORTER_OTLP_TRACES_" + name] ?? self["OTEL_EXPORTER_OTLP_" + name]
    }

    var isDisabled: Bool {
        self["OTEL_SDK_DISABLED"]?.lowercased() == "true" || self["OTEL_TRACES_EXPORTER"]?.lowercased() == "none"
    }

    /// The URL of traces as it is; or the one of all signals, with the signal's path. Nil where there is neither.
    var endpoint: Result<HTTPURL, Mistake>? {
        let own = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        let common = "OTEL_EXPORTER_OTLP_ENDPOINT"
        guard let text = self[own] ?? self[common] else { return nil }
        let isOwn = self[own] != nil
        guard var url = HTTPURL(text) else {
            return .failure(Mistake(sentence: "\(isOwn ? own : common) is not an http or https URL"))
        }
        if !isOwn { url.path += (url.path.hasSuffix("/") ? "" : "/") + "v1/traces" }
        if url.path.isEmpty { url.path = "/" }
        return .success(url)
    }

    var encoding: String? { self.otlp("PROTOCOL") }
    var caFile: String? { self.otlp("CERTIFICATE") }
    var compression: String? { self.otlp("COMPRESSION") }

    /// `name=value,name=value`, percent-encoded. What is not of that form, or could break a header, is left out.
    var headers: [(name: String, value: [UInt8])] {
        Self.pairs(self.otlp("HEADERS")).compactMap { name, value in
            let bytes = Array(value.utf8)
            let isToken = !name.isEmpty && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x5F }
            return isToken ? (name.lowercased(), bytes) : nil
        }
    }

    /// `OTEL_RESOURCE_ATTRIBUTES`, with `OTEL_SERVICE_NAME` before its own `service.name`.
    func resource(service: String, version: String) -> [(name: String, value: String)] {
        var attributes = Self.pairs(self["OTEL_RESOURCE_ATTRIBUTES"])
        func set(_ name: String, _ value: String, overrides: Bool) {
            if let index = attributes.firstIndex(where: { $0.name == name }) {
                if overrides { attributes[index].value = value }
            } else {
                attributes.append((name, value))
            }
        }
        if let name = self["OTEL_SERVICE_NAME"] { set("service.name", name, overrides: true) }
        set("service.name", service, overrides: false)
        set("service.version", version, overrides: false)
        return attributes
    }

    private static func pairs(_ text: String?) -> [(name: String, value: String)] {
        (text ?? "").split(separator: ",").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let name = Self.trimmed(parts[0])
            let value = Array(Self.trimmed(parts[1]).utf8)
            guard !name.isEmpty, let decoded = value.withUnsafeBufferPointer({ PercentEncoding.decode($0) }) else {
                return nil
            }
            return (String(name), String(decoding: decoded, as: UTF8.self))
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
