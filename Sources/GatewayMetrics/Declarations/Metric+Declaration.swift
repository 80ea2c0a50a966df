extension Metric {
    /// The table of all metrics.
    package var declaration: MetricDeclaration { Self.declarations[self.rawValue] }

    private static let declarations: [MetricDeclaration] = Self.allCases.map(\.written)

    private var written: MetricDeclaration {
        switch self {
        case .buildInfo:
            .init(
                "product_gateway_build", .info, .collected, labels: [.init("version", .text)],
                "The version that runs.")
        case .configurationInfo:
            .init(
                "product_gateway_configuration", .info, .collected, labels: [.init("hash", .text)],
                "The configuration in force, by a hash of every value in it (secrets by their source).")
        case .configurationLoads:
            .init(
                "product_gateway_configuration_loads", .counter, .collected,
                labels: [.init("outcome", .loadOutcome)],
                "How often the configuration was read, the start included, by what came of it.")
        case .configurationLastLoadSuccessful:
            .init(
                "product_gateway_configuration_last_load_successful", .gauge, .collected,
                "1 if the configuration that was read last is in force, 0 if it was refused.")
        case .configurationLastSuccess:
            .init(
                "product_gateway_configuration_last_success_timestamp_seconds", .gauge, unit: .seconds,
                .collected, "When the configuration in force was read, in Unix time.")
        case .ready:
            .init(
                "product_gateway_ready", .gauge, .collected,
                "1 while the gateway wants callers, 0 while it starts or stops.")
        case .logLinesDropped:
            .init(
                "product_gateway_log_lines_dropped", .counter, .collected,
                "Log lines that were lost, because standard output was read too slowly or could not be written.")
        case .certificateNotAfter:
            .init(
                "product_gateway_certificate_not_after_timestamp_seconds", .gauge, unit: .seconds,
                .collected, labels: [.init("use", .certificateUse), .init("target", .targetName)],
                """
                When a certificate in force ends, in Unix time: the gateway's own toward callers, or the one that it \
                shows to a target; of a chain the one that ends first.
                """)
        case .processCPU:
            .init(
                "process_cpu_seconds", .counter, unit: .seconds, .collected,
                "Processor time that the process has used.")
        case .processResidentMemory:
            .init(
                "process_resident_memory_bytes", .gauge, unit: .bytes, .collected,
                "Memory of the process that is in RAM.")
        case .processVirtualMemory:
            .init(
                "process_virtual_memory_bytes", .gauge, unit: .bytes, .collected,
                "Address space of the process.")
        case .processOpenFiles:
            .init("process_open_fds", .gauge, .collected, "File descriptors that are open.")
        case .processMaxFiles:
            .init("process_max_fds", .gauge, .collected, "File descriptors that may be open.")
        case .processStart:
            .init(
                "process_start_time_seconds", .gauge, unit: .seconds, .collected,
                "When the process started, in Unix time.")
        case .http2SessionsOpen:
            .init(
                "product_gateway_http2_sessions_open", .gauge, .collected,
                "HTTP/2 engines in memory, of callers and vendors: as many as such connections, or one leaks.")
        case .tlsConnectionsOpen:
            .init(
                "product_gateway_tls_connections_open", .gauge, .collected,
                "TLS engines in memory, of callers and vendors: as many as such connections, or one leaks.")
        case .workerCPU:
            .init(
                "product_gateway_worker_cpu_seconds", .counter, unit: .seconds, .collected,
                isPerWorker: true,
                "Processor time that a worker's thread has used; a rate near 1 is a saturated worker.")
        default:
            self.counted
        }
    }
}
