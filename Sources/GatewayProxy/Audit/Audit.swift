/// Where it is recorded who has changed what, and whether a change may go without.
///
/// Shared by all event loops.
package final class Audit: Sendable {
    let writer: LogWriter
    /// Whether a change is refused that cannot be recorded.
    let isRequired: Bool

    package init(writer: LogWriter, isRequired: Bool) {
        self.writer = writer
        self.isRequired = isRequired
    }

    /// Whether a change may go to its targets.
    var takesChanges: Bool { !self.isRequired || self.writer.isTaking }
}
