extension Metric {
    /// The part of the table that the workers count.
    var counted: MetricDeclaration {
        switch self {
        case .workerExchangesInFlight:
            .init(
                "product_gateway_worker_exchanges_in_flight", .gauge, .worker, isPerWorker: true,
                "Exchanges in flight on each worker.")
        case .workerConnectionsOpen:
            .init(
                "product_gateway_worker_downstream_connections_open", .gauge, .worker, isPerWorker: true,
                "Callers' connections on each worker.")
        case .workerStreamsOpen:
            .init(
                "product_gateway_bulk_streams_open", .gauge, .worker,
                "Streams of updates (`/v1/bulk`) under way.")
        case .lines:
            .init(
                "product_gateway_bulk_lines", .counter, .worker,
                labels: [.init("outcome", .lineOutcome)],
                "Lines of streams that have their result, at each of their targets, by what became of them.")
        case .exchanges:
            .init(
                "product_gateway_exchanges", .counter, .worker,
                labels: [.init("operation", .exchangeOperation), .init("code", .code)], isSparse: true,
                """
                Callers' requests that have ended, by the code of the answer; for a request to several \
                targets, the code of the first failure.
                """)
        case .exchangeDuration:
            .init(
                "product_gateway_exchange_duration_seconds", .histogram(bounds: Buckets.request),
                unit: .seconds, .worker, labels: [.init("operation", .exchangeOperation)],
                "From receiving a request's header fields to answering it.")
        case .exchangesAbandoned:
            .init(
                "product_gateway_exchanges_abandoned", .counter, .worker,
                "Exchanges whose caller left before there was an answer.")
        case .callersCutOff:
            .init(
                "product_gateway_callers_cut_off", .counter, .worker,
                "Answers that were given up because the caller did not read them in time.")
        case .downstreamConnections:
            .init(
                "product_gateway_downstream_connections", .counter, .worker,
                labels: [.init("protocol", .downstreamProtocol)],
                "Connections accepted from callers, by protocol; `none` if nothing was received on them.")
        case .acceptPauses:
            .init(
                "product_gateway_accept_pauses", .counter, .worker,
                "How often a worker stopped accepting for a moment because file descriptors or memory had run out.")
        case .downstreamConnectionsRefused:
            .init(
                "product_gateway_downstream_connections_refused", .counter, .worker,
                "Callers' connections that were closed at once because `limits.connections` was reached.")
        case .downstreamSessionsEnded:
            .init(
                "product_gateway_downstream_sessions_ended_for_abuse", .counter, .worker,
                labels: [.init("kind", .abuseKind)],
                "Callers' HTTP/2 sessions that the gateway ended for abuse, by kind.")
        case .downstreamTLSHandshakesFailed:
            .init(
                "product_gateway_downstream_tls_handshakes_failed", .counter, .worker,
                labels: [.init("reason", .handshakeFailure)],
                "TLS handshakes with callers that failed, by reason.")
        case .downstreamTLSHandshakeDuration:
            .init(
                "product_gateway_downstream_tls_handshake_duration_seconds",
                .histogram(bounds: Buckets.connect), unit: .seconds, .worker,
                "Duration of completed TLS handshakes with callers.")
        case .downstreamTLSResumptions:
            .init(
                "product_gateway_downstream_tls_resumptions", .counter, .worker,
                "TLS handshakes with callers that resumed an earlier session.")
        case .downstreamStreamsOpen:
            .init(
                "product_gateway_downstream_streams_open", .gauge, .worker,
                "Callers' open streams; an HTTP/1.1 request counts as one.")
        case .downstreamReceivedBytes:
            .init(
                "product_gateway_downstream_received_bytes", .counter, unit: .bytes, .worker,
                "Bytes received from callers, without TLS.")
        case .downstreamSentBytes:
            .init(
                "product_gateway_downstream_sent_bytes", .counter, unit: .bytes, .worker,
                "Bytes sent to callers, without TLS.")
        case .keyClaims, .keyOutcomes, .storeDuration, .storeFailures:
            self.countedForStore
        case .callerTokens:
            .init(
                "product_gateway_caller_tokens", .counter, .worker, labels: [.init("result", .tokenResult)],
                """
                Tokens that callers have shown: `known` from an earlier request, `verified` anew, `refused`, or \
                `unavailable` because the issuer's keys were not at hand.
                """)
        default:
            self.countedForTargets
        }
    }

    private var countedForTargets: MetricDeclaration {
        switch self {
        case .deliveries:
            .init(
                "product_gateway_requests", .counter, .target,
                labels: [
                    .init("operation", .operation), .init("code", .code), .init("origin", .origin),
                ], isSparse: true,
                "Requests for a target that have ended, by the code of the result and by who failed.")
        case .deliveryDuration:
            .init(
                "product_gateway_request_duration_seconds", .histogram(bounds: Buckets.request),
                unit: .seconds, .target, labels: [.init("operation", .operation)],
                "From a complete, translated request to the target's result, retries included.")
        case .translationDuration:
            .init(
                "product_gateway_translation_duration_seconds", .histogram(bounds: Buckets.translation),
                unit: .seconds, .target, "Translating a canonical update into the vendor's language.")
        case .translationRefusals:
            .init(
                "product_gateway_translation_refusals", .counter, .target,
                labels: [.init("pointer", .pointer)], isSparse: true,
                "Why documents could not be translated, by the member concerned.")
        case .attempts:
            .init(
                "product_gateway_attempts", .counter, .target,
                labels: [.init("outcome", .attemptOutcome)], isSparse: true,
                "Attempts against the vendor that have ended, by outcome.")
        case .attemptDuration:
            .init(
                "product_gateway_attempt_duration_seconds", .histogram(bounds: Buckets.request),
                unit: .seconds, .target, "From giving a request to a stream to the end of the attempt.")
        case .retries:
            .init(
                "product_gateway_retries", .counter, .target,
                labels: [.init("reason", .attemptFailure)], isSparse: true,
                "Attempts after the first, by what had failed before.")
        case .linesPostponed, .batches, .batchLines, .batchLinesAlone:
            self.countedForStreams
        case .vendorAnswers:
            .init(
                "product_gateway_vendor_answers", .counter, .target,
                labels: [.init("status", .statusClass), .init("code", .code)], isSparse: true,
                "Complete answers of the vendor, by class of status and by the code they were folded to.")
        case .vendorAnswerStatuses:
            .init(
                "product_gateway_vendor_answer_statuses", .counter, .target,
                labels: [.init("status", .status)], isSparse: true,
                "The same answers by exact status; a status that is not listed counts as its class.")
        case .credentialRefreshes:
            .init(
                "product_gateway_credential_refreshes", .counter, .target,
                labels: [.init("outcome", .credentialOutcome)],
                "Access tokens requested, by outcome.")
        default:
            self.countedForHealth
        }
    }

    private var countedForHealth: MetricDeclaration {
        switch self {
        case .retriesSuppressed:
            .init(
                "product_gateway_retries_suppressed", .counter, .target,
                "Retries that were not made because the target had had as many as its budget allows.")
        case .attemptsHeldBack:
            .init(
                "product_gateway_attempts_held_back", .counter, .target,
                labels: [.init("reason", .heldBackReason)],
                "Attempts that were not made, and nothing sent, because of how the target was, by reason.")
        case .breakerOpenings:
            .init(
                "product_gateway_breaker_openings", .counter, .target,
                labels: [.init("reason", .breakerReason)],
                "How often the target was left alone because it had failed too often, by what showed it.")
        case .lookups:
            .init(
                "product_gateway_lookups", .counter, .target,
                labels: [.init("outcome", .lookupOutcome)],
                "Changes of unknown outcome that were looked up, by what was found.")
        case .gateQueueDepth:
            .init(
                "product_gateway_gate_queue_depth", .gauge, .target,
                "Attempts that wait because the vendor wants to be left alone or to be asked more slowly.")
        default:
            self.countedForConnections
        }
    }

    private var countedForConnections: MetricDeclaration {
        switch self {
        case .upstreamConnects:
            .init(
                "product_gateway_upstream_connects", .counter, .target,
                labels: [.init("outcome", .connectOutcome)],
                "Connections dialled to the vendor, TLS handshake included, by outcome.")
        case .upstreamConnectDuration:
            .init(
                "product_gateway_upstream_connect_duration_seconds",
                .histogram(bounds: Buckets.connect), unit: .seconds, .target,
                "From dialling to a TCP connection, name lookup included.")
        case .upstreamTLSHandshakeDuration:
            .init(
                "product_gateway_upstream_tls_handshake_duration_seconds",
                .histogram(bounds: Buckets.connect), unit: .seconds, .target,
                "Duration of completed TLS handshakes with the vendor.")
        case .upstreamTLSResumptions:
            .init(
                "product_gateway_upstream_tls_resumptions", .counter, .target,
                "TLS handshakes with the vendor that resumed an earlier session.")
        case .upstreamConnectionsOpen:
            .init(
                "product_gateway_upstream_connections_open", .gauge, .target,
                "Open connections to the vendor.")
        case .upstreamSessionsEnded:
            .init(
                "product_gateway_upstream_sessions_ended_for_abuse", .counter, .target,
                labels: [.init("kind", .abuseKind)],
                "HTTP/2 sessions with the vendor that the gateway ended for abuse by the vendor, by kind.")
        case .upstreamStreamsOpen:
            .init(
                "product_gateway_upstream_streams_open", .gauge, .target,
                "Open streams to the vendor; an HTTP/1.1 exchange counts as one.")
        case .upstreamQueueDepth:
            .init(
                "product_gateway_upstream_queue_depth", .gauge, .target,
                "Attempts that wait for a stream.")
        case .upstreamReceivedBytes:
            .init(
                "product_gateway_upstream_received_bytes", .counter, unit: .bytes, .target,
                "Bytes received from the vendor, without TLS.")
        default:
            .init(
                "product_gateway_upstream_sent_bytes", .counter, unit: .bytes, .target,
                "Bytes sent to the vendor, without TLS.")
        }
    }

    /// Upper bounds in nanoseconds.
    enum Buckets {
        private static let microsecond = 1000
        private static let millisecond = 1_000_000

        /// From a refusal in the gateway itself (well under a millisecond) to the time-outs that operators configure.
        ///
        /// Prometheus assumes that durations are spread evenly within a bucket. The default time-outs are 10 s for an
        /// attempt and 20 s for all of them, and what times out does so within 50 ms after that: the bounds 11 and 22
        /// keep such a quantile from being overestimated by more than a tenth. A quantile above the last bound is
        /// reported as the last bound. Each bound is a series for each target and histogram, so there are no more.
        static let request =
            [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000].map { $0 * microsecond }
            + [1000, 2500, 5000, 7500, 10_000, 11_000, 15_000, 20_000, 22_000, 30_000].map { $0 * millisecond }
        /// From loopback to a few round trips across the world.
        static let connect =
            [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000].map { $0 * microsecond }
            + [1000, 2500, 5000].map { $0 * millisecond }
        /// A product of a few KiB takes some microseconds, the largest allowed some milliseconds.
        static let translation =
            [1, 2, 5, 10, 25, 50, 100, 250, 500].map { $0 * microsecond } + [1, 5, 25].map { $0 * millisecond }
    }
}
