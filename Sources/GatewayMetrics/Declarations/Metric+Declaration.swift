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
                "How often the configuration was read, the start included, by outcome.")
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
                """
                Log lines dropped, because standard output was read too slowly and the buffer was full, or could not \
                be written.
                """
            )
        case .traceSpans:
            .init(
                "product_gateway_trace_spans", .counter, .collected, labels: [.init("outcome", .spanOutcome)],
                """
                Spans of kept traces, by what has become of them: sent; rejected by the collector; failed, because it \
                could not be reached; dropped, because too many waited. Absent where no spans are sent.
                """)
        case .certificateNotAfter:
            .init(
                "product_gateway_certificate_not_after_timestamp_seconds", .gauge, unit: .seconds,
                .collected, labels: [.init("use", .certificateUse), .init("target", .targetName)],
                """
                When a certificate in force expires, in Unix time: the listener's, or the client certificate for a \
                target; for a chain, the certificate that expires first.
                """)
        case .limitsAlone, .limitsDecidedAlone:
            self.countedForStore
        case .auditLinesDropped, .callerRequests, .issuerKeys, .issuerKeysAge, .issuerKeyFetches:
            self.aboutCallers
        case .processCPU:
            .init(
                "process_cpu_seconds", .counter, unit: .seconds, .collected,
                "CPU time that the process has used.")
        case .processResidentMemory:
            .init(
                "process_resident_memory_bytes", .gauge, unit: .bytes, .collected,
                "Resident memory of the process.")
        case .processVirtualMemory:
            .init(
                "process_virtual_memory_bytes", .gauge, unit: .bytes, .collected,
                "Virtual memory of the process.")
        case .processOpenFiles:
            .init("process_open_fds", .gauge, .collected, "Open file descriptors.")
        case .processMaxFiles:
            .init("process_max_fds", .gauge, .collected, "File descriptors that the process may open.")
        case .processStart:
            .init(
                "process_start_time_seconds", .gauge, unit: .seconds, .collected,
                "When the process started, in Unix time.")
        case .http2SessionsOpen:
            .init(
                "product_gateway_http2_sessions_open", .gauge, .collected,
                "HTTP/2 sessions in memory, with callers and vendors: if there are more than are open, some leak.")
        case .tlsConnectionsOpen:
            .init(
                "product_gateway_tls_connections_open", .gauge, .collected,
                "TLS connections in memory, with callers and vendors: if there are more than are open, some leak.")
        case .memoryBudget:
            .init(
                "product_gateway_memory_budget_bytes", .gauge, unit: .bytes, .collected,
                "`limits.memory`: what the process may take for what callers and vendors make it hold.")
        case .memoryTaken:
            .init(
                "product_gateway_memory_taken_bytes", .gauge, unit: .bytes, .collected,
                "How much of it is taken, counted as it is taken and given back.")
        case .memoryStage:
            .init(
                "product_gateway_memory_stage", .gauge, .collected,
                "What the gateway does about memory: 0 nothing, 1 holds large bodies, 2 refuses requests, 3 gives up.")
        case .memoryStagesReached:
            .init(
                "product_gateway_memory_stages_reached", .counter, .collected, labels: [.init("stage", .memoryStage)],
                "How often a stage of `limits.memoryStages` was reached from below.")
        case .memoryGivenUp:
            .init(
                "product_gateway_memory_given_up", .counter, .collected, labels: [.init("what", .memoryGivenUp)],
                "What was given up or not let in for want of memory: answers, bodies, requests.")
        default:
            self.collectedOfTargets
        }
    }

    /// How each target is, as all workers know it together.
    private var collectedOfTargets: MetricDeclaration {
        let labels = [MetricLabel("target", .targetName)]
        return switch self {
        case .targetLeftAlone:
            .init(
                "product_gateway_target_left_alone", .gauge, .collected, labels: labels,
                "1 while the target is left alone because it has failed too often, but for a probe at times; else 0."
            )
        case .targetPause:
            .init(
                "product_gateway_target_pause_seconds", .gauge, unit: .seconds, .collected, labels: labels,
                "How long the vendor still wants to be left alone (429, `Retry-After`, a limit used up); else 0.")
        case .targetConcurrencyLimit:
            .init(
                "product_gateway_target_concurrency_limit", .gauge, .collected, labels: labels,
                "Attempts that the target gets at a time; 0 as long as it has borne all that came.")
        case .targetAttemptsUnderWay:
            .init(
                "product_gateway_target_attempts_under_way", .gauge, .collected, labels: labels,
                "Attempts under way to the target, those that wait for a connection included.")
        case .workerCPU:
            .init(
                "product_gateway_worker_cpu_seconds", .counter, unit: .seconds, .collected,
                isPerWorker: true,
                "CPU time that a worker's thread has used; a rate near 1 is a saturated worker.")
        default:
            self.counted
        }
    }

    private var aboutCallers: MetricDeclaration {
        switch self {
        case .callerRequests:
            .init(
                "product_gateway_caller_requests", .counter, .collected,
                labels: [.init("caller", .callerName), .init("code", .code)],
                "Requests of known callers that have ended, by the code of the answer.")
        case .issuerKeys:
            .init(
                "product_gateway_issuer_keys", .gauge, .collected, labels: [.init("issuer", .issuerName)],
                "Keys by which an issuer's tokens are verified; 0 where there are none and its tokens cannot be.")
        case .issuerKeysAge:
            .init(
                "product_gateway_issuer_keys_age_seconds", .gauge, unit: .seconds, .collected,
                labels: [.init("issuer", .issuerName)],
                "Time since an issuer's keys were fetched. Keys that came from a file have none.")
        case .issuerKeyFetches:
            .init(
                "product_gateway_issuer_key_fetches", .counter, .collected,
                labels: [.init("issuer", .issuerName), .init("outcome", .keyFetchOutcome)],
                "Requests for an issuer's keys, by outcome.")
        default:
            .init(
                "product_gateway_audit_lines_dropped", .counter, .collected,
                "Lines of the audit that could not be written.")
        }
    }
}
