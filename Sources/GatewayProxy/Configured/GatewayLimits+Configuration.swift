import GatewayConfiguration

extension GatewayLimits {
    init(_ limits: LimitsConfiguration) {
        self.init(
            requestBodyBytesMax: limits.requestBody, answerBytesMax: limits.answerBody,
            streamsConcurrentMax: limits.concurrentStreams,
            fieldSectionBytesMax: limits.headerBytes, fieldsMax: limits.headerCount,
            pathBytesMax: limits.pathBytes, jsonDepthMax: limits.jsonDepth,
            targetsMax: limits.targetsPerRequest, connectionsMax: limits.connections,
            connectionBytesMax: limits.connectionBuffer,
            abandonedExchangesMax: limits.abandonedExchanges,
            handshakeTimeoutNanoseconds: limits.handshakeTimeout.nanoseconds,
            headerTimeoutNanoseconds: limits.headerTimeout.nanoseconds,
            idleTimeoutNanoseconds: limits.idleTimeout.nanoseconds,
            bodyTimeoutNanoseconds: limits.bodyTimeout.nanoseconds,
            answerTimeoutNanoseconds: limits.answerTimeout.nanoseconds)
    }
}
