/// What a vendor's update does with members that are not sent.
package enum UpdateSemantics: String, Sendable, CaseIterable {
    /// They remain as they are; the update is sent as it is translated.
    case partial
    /// They are lost; the gateway reads, merges and writes.
    case replace
}
