import GatewayTranslation

/// A change of which nobody knows what became, while it is looked up.
struct Lookup {
    /// What is told unless the change turns out to have been made.
    let problem: Problem
    /// What was sent.
    let change: VendorRequest
}
