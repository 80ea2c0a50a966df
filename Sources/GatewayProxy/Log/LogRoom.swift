/// Room in a log for a line that is yet to be written, so that it will not be dropped for want of room.
///
/// Given back when nobody holds it any more. Any thread.
final class LogRoom: Sendable {
    let byteCount: Int
    private let writer: LogWriter

    /// Made by `LogWriter.reserve`.
    init(in writer: LogWriter, byteCount: Int) {
        self.writer = writer
        self.byteCount = byteCount
    }

    deinit { self.writer.giveBack(self.byteCount) }
}
