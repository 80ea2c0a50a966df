/// The version of the gateway, in one place.
package enum GatewayVersion {
    package static let string = "0.1.0"
}
