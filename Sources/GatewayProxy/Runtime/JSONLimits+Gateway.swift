import GatewayJSON

extension JSONLimits {
    /// The same for a caller's document and a vendor's answer: one translator reads both.
    init(_ limits: GatewayLimits) {
        self.init(
            bytesMax: max(limits.requestBodyBytesMax, limits.answerBytesMax), depthMax: limits.jsonDepthMax)
    }
}
