package import GatewayConfiguration
package import GatewayDocuments
import GatewayHTTP
import GatewayTLS
import GatewayTracing

/// Makes the way to the collector that a configuration describes, with what the environment adds
/// (OpenTelemetry's `OTEL_…` variables), and finds the mistakes that only show then.
///
/// Reads files; not for an event loop.
package struct ConfiguredTracing: Sendable {
    /// Every mistake, in the words of the configuration.
    package let diagnostics: [Diagnostic]
    /// Nil where no spans are sent.
    let endpoint: TraceEndpoint?

    private static let defaultPath = "/v1/traces"
    private static let defaultService = "product-gateway"

    package init(_ configuration: Configuration, file: String, inputs: ConfigurationInputs) {
        let files = CertificateFiles(file: file, inputs: inputs, diagnostics: Diagnostics())
        self.endpoint =
            inputs.secrets == .ignored
            ? nil : Self.endpoint(configuration.tracing, OTelEnvironment(inputs.environment), files)
        self.diagnostics = files.diagnostics.all
    }

    private static func endpoint(
        _ tracing: TracingConfiguration, _ environment: OTelEnvironment, _ files: CertificateFiles
    ) -> TraceEndpoint? {
        let path = DocumentPath.root.appending("tracing")
        guard !environment.isDisabled else { return nil }
        let isFromEnvironment = tracing.endpoint == nil
        let url: HTTPURL
        if var configured = tracing.endpoint {
            if configured.path.isEmpty { configured.path = Self.defaultPath }
            url = configured
        } else {
            switch environment.endpoint {
            case nil: return nil
            case .success(let found): url = found
            case .failure(let mistake):
                files.report(.error, path, mistake.sentence)
                return nil
            }
        }
        var encoding = tracing.encoding
        if isFromEnvironment, let word = environment.encoding {
            guard let found = TracingConfiguration.Encoding(rawValue: word) else {
                files.report(
                    .error, path, "OTEL_EXPORTER_OTLP_PROTOCOL is \(word); there are http/protobuf and http/json")
                return nil
            }
            encoding = found
        }
        var headers = isFromEnvironment ? environment.headers : []
        for (name, secret) in tracing.headers.sorted(by: { $0.key < $1.key }) {
            guard let value = secret.reveal() else { continue }
            headers.append((name.lowercased(), value))
        }
        var tls: TLSContext?
        if url.scheme == .https {
            guard let context = self.context(tracing.caFile ?? environment.caFile, at: path, files) else { return nil }
            tls = context
        }
        return TraceEndpoint(
            host: url.host, port: url.port, path: url.path, tls: tls,
            encoding: encoding == .json ? .json : .protobuf,
            compresses: tracing.compression == .gzip && environment.compression != "none", headers: headers,
            resource: environment.resource(service: Self.defaultService, version: GatewayVersion.string))
    }

    private static func context(
        _ caFile: String?, at path: DocumentPath, _ files: CertificateFiles
    ) -> TLSContext? {
        var authorities: [UInt8]?
        if let caFile {
            guard let text = files.authorities(caFile, at: path.appending("caFile")) else { return nil }
            authorities = text
        }
        do throws(TLSError) {
            return try .client(authorities: authorities, applicationProtocols: ["http/1.1"])
        } catch {
            files.report(.error, path, "\(error)")
            return nil
        }
    }
}
