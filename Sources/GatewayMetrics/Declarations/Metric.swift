/// Every metric that the gateway exports: the closed list.
///
/// What each is called and means is in `Metric+Declaration.swift`; the exposition, `docs/metrics.md` and the tests of
/// the dashboard and the alerts come from there.
package enum Metric: Int, CaseIterable, Sendable {
    // Of the whole process, read at a scrape.
    case buildInfo
    case configurationInfo
    case configurationLoads
    case configurationLastLoadSuccessful
    case configurationLastSuccess
    case ready
    case logLinesDropped
    case traceSpans
    case certificateNotAfter
    case auditLinesDropped
    case callerRequests
    case issuerKeys
    case issuerKeysAge
    case issuerKeyFetches
    case processCPU
    case processResidentMemory
    case processVirtualMemory
    case processOpenFiles
    case processMaxFiles
    case processStart
    case http2SessionsOpen
    case tlsConnectionsOpen
    case memoryBudget
    case memoryTaken
    case memoryStage
    case memoryStagesReached
    case memoryGivenUp
    case targetLeftAlone
    case targetPause
    case targetConcurrencyLimit
    case targetAttemptsUnderWay
    case limitsAlone
    case limitsDecidedAlone

    // Of each worker, read at a scrape.
    case workerCPU

    // Counted by the workers.
    case workerExchangesInFlight
    case workerConnectionsOpen
    case workerStreamsOpen
    case lines
    case exchanges
    case exchangeDuration
    case exchangesAbandoned
    case callersCutOff
    case downstreamConnections
    case acceptPauses
    case downstreamConnectionsRefused
    case downstreamSessionsEnded
    case downstreamTLSHandshakeDuration
    case downstreamTLSHandshakesFailed
    case downstreamTLSResumptions
    case downstreamStreamsOpen
    case downstreamReceivedBytes
    case downstreamSentBytes
    case callerTokens

    // Counted by the workers: idempotency keys and their store.
    case keyClaims
    case keyOutcomes
    case storeDuration
    case storeFailures

    // Counted by the workers for each target.
    case deliveries
    case deliveryDuration
    case translationDuration
    case translationRefusals
    case attempts
    case attemptDuration
    case retries
    case retriesSuppressed
    case attemptsHeldBack
    case breakerOpenings
    case lookups
    case gateQueueDepth
    case linesPostponed
    case batches
    case batchLines
    case batchLinesAlone
    case vendorAnswers
    case vendorAnswerStatuses
    case credentialRefreshes
    case upstreamConnects
    case upstreamConnectDuration
    case upstreamTLSHandshakeDuration
    case upstreamTLSResumptions
    case upstreamConnectionsOpen
    case upstreamSessionsEnded
    case upstreamStreamsOpen
    case upstreamQueueDepth
    case upstreamReceivedBytes
    case upstreamSentBytes
}
