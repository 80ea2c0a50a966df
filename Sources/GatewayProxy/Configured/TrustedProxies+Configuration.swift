import GatewayConfiguration

extension TrustedProxies {
    init?(_ configuration: TrustedConfiguration?) {
        guard let configuration else { return nil }
        self.init(
            networks: configuration.networks.compactMap { Network($0) }, speakPROXY: configuration.proxyProtocol,
            addressField: AddressField(configuration.addressFrom), tellCertificates: configuration.clientCertificates)
    }
}

extension TrustedProxies.AddressField {
    fileprivate init?(_ source: AddressSource) {
        switch source {
        case .connection: return nil
        case .forwarded: self = .forwarded
        case .xForwardedFor: self = .xForwardedFor
        }
    }
}
