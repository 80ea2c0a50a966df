/// Whoever wants to make an attempt and may have to wait until its target takes one more.
///
/// A class to inherit from, as its deadline is. Confined to its event loop.
class GateWaiter: Deadline {
    /// It may be made now, and is counted as under way; `TargetGate.ended` or `withdrawn` must follow.
    func gateOpened(isProbe _: Bool) {}

    /// It will not be made.
    func gateShut(_: GateRefusal) {}
}
