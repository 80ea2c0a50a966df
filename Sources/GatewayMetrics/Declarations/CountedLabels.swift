/// What a caller asked for.
package enum CountedOperation: Int, CaseIterable, Sendable {
    case update, create
    /// A product, and the published documents: targets, schemas, problem pages.
    case read
    /// A stream of updates, as a whole; its lines count as what they are.
    case bulk
    /// A path or a method that the API does not have.
    case other

    static let productOperations: [CountedOperation] = [.update, .create, .read]

    package var label: String {
        switch self {
        case .update: "update"
        case .create: "create"
        case .read: "read"
        case .bulk: "bulk"
        case .other: "other"
        }
    }
}

/// What became of a line of a stream at one of its targets.
package enum CountedLineOutcome: Int, CaseIterable, Sendable {
    case done, partial, rejected, unknown, notSent, replayed

    package var label: String {
        switch self {
        case .done: "done"
        case .partial: "partial"
        case .rejected: "rejected"
        case .unknown: "unknown"
        case .notSent: "not_sent"
        case .replayed: "replayed"
        }
    }
}

/// Who failed, if anyone did.
package enum CountedOrigin: Int, CaseIterable, Sendable {
    case none, gateway, vendor

    package var label: String {
        switch self {
        case .none: "none"
        case .gateway: "gateway"
        case .vendor: "vendor"
        }
    }
}

/// The outcome of an attempt.
package enum AttemptOutcome: Int, CaseIterable, Sendable {
    case answered, notConnected, notTrusted, queueFull, queueTimedOut, timedOutBeforeSending, refused
    case timedOut, endedWithoutAnswer, answerCutShort, answerTooLarge, answerMalformed, tokenRefused, productChanged
    /// Answers after which the vendor is asked again: 429; 503 with `Retry-After`; a failure that the dialect says
    /// passes by itself.
    case throttled, unavailable, failed

    package var label: String {
        switch self {
        case .answered: "answered"
        case .notConnected: "not_connected"
        case .notTrusted: "not_trusted"
        case .queueFull: "queue_full"
        case .queueTimedOut: "queue_timed_out"
        case .timedOutBeforeSending: "timed_out_before_sending"
        case .refused: "refused"
        case .timedOut: "timed_out"
        case .endedWithoutAnswer: "ended_without_answer"
        case .answerCutShort: "answer_cut_short"
        case .answerTooLarge: "answer_too_large"
        case .answerMalformed: "answer_malformed"
        case .tokenRefused: "token_refused"
        case .productChanged: "product_changed"
        case .throttled: "throttled"
        case .unavailable: "unavailable"
        case .failed: "failed"
        }
    }
}

/// Why an attempt was not made.
package enum HeldBackReason: Int, CaseIterable, Sendable {
    /// The target has failed too often.
    case leftAlone
    /// The vendor wants to be asked more slowly.
    case rate
    /// The vendor wants to be left alone for a while.
    case unavailable
    case queueFull, queueTimedOut

    package var label: String {
        switch self {
        case .leftAlone: "left_alone"
        case .rate: "rate"
        case .unavailable: "unavailable"
        case .queueFull: "queue_full"
        case .queueTimedOut: "queue_timed_out"
        }
    }
}

/// What a change of unknown outcome turned out to be.
package enum LookupOutcome: Int, CaseIterable, Sendable {
    /// The product is as it was asked for.
    case found
    /// A product is there, and it is not.
    case another
    case notFound

    package var label: String {
        switch self {
        case .found: "found"
        case .another: "another"
        case .notFound: "not_found"
        }
    }
}

/// What has shown that a target fails too often.
package enum BreakerReason: Int, CaseIterable, Sendable {
    case inARow, share

    package var label: String {
        switch self {
        case .inARow: "in_a_row"
        case .share: "share"
        }
    }
}

/// The protocol of a caller's connection.
package enum CountedProtocol: Int, CaseIterable, Sendable {
    case http2, http1
    /// It ended before anything was received on it.
    case none

    package var label: String {
        switch self {
        case .http2: "http2"
        case .http1: "http1"
        case .none: "none"
        }
    }
}

/// What became of a token that a caller has shown.
package enum CountedToken: Int, CaseIterable, Sendable {
    /// It was verified for an earlier request.
    case known
    case verified, refused
    /// The keys of its issuer were not at hand.
    case unavailable

    package var label: String {
        switch self {
        case .known: "known"
        case .verified: "verified"
        case .refused: "refused"
        case .unavailable: "unavailable"
        }
    }
}

/// The outcome of a request to a token endpoint.
package enum CredentialOutcome: Int, CaseIterable, Sendable {
    case ok, rejected, unavailable, vendorError, unintelligible

    package var label: String {
        switch self {
        case .ok: "ok"
        case .rejected: "rejected"
        case .unavailable: "unavailable"
        case .vendorError: "vendor_error"
        case .unintelligible: "unintelligible"
        }
    }
}

/// The outcome of dialling a vendor.
package enum ConnectOutcome: Int, CaseIterable, Sendable {
    case ok, failed, notTrusted

    package var label: String {
        switch self {
        case .ok: "ok"
        case .failed: "failed"
        case .notTrusted: "not_trusted"
        }
    }
}

/// Why the gateway ended an HTTP/2 session for abuse.
package enum AbuseKind: Int, CaseIterable, Sendable {
    case controlFrames, queuedOutput, flooding, resets

    package var label: String {
        switch self {
        case .controlFrames: "control_frames"
        case .queuedOutput: "queued_output"
        case .flooding: "flooding"
        case .resets: "resets"
        }
    }
}

/// Why a TLS handshake with a caller failed.
package enum HandshakeFailure: Int, CaseIterable, Sendable {
    /// The caller closed the connection during it, as a health check that only connects does.
    case closed
    case timedOut
    /// What was received is not TLS.
    case notTLS
    case unsupportedVersion
    case noCommonCipher
    /// ALPN: the caller offers neither `h2` nor `http/1.1`.
    case noCommonProtocol
    /// The caller does not accept the gateway's certificate.
    case certificateRefused
    case other

    package var label: String {
        switch self {
        case .closed: "closed"
        case .timedOut: "timed_out"
        case .notTLS: "not_tls"
        case .unsupportedVersion: "unsupported_version"
        case .noCommonCipher: "no_common_cipher"
        case .noCommonProtocol: "no_common_protocol"
        case .certificateRefused: "certificate_refused"
        case .other: "other"
        }
    }
}
