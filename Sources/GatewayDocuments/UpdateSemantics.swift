/// What a vendor's update does with fields that are not sent: `updateSemantics` of a dialect, and of a target in
/// `gateway.json` that knows better.
package enum UpdateSemantics: String, Sendable, CaseIterable {
    /// They remain as they are; the update is sent as it is translated.
    case partial
    /// They are lost, so that the gateway reads, merges and writes.
    case replace
}
