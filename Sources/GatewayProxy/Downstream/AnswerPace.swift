/// Whether a caller reads its answer fast enough to be left to go on.
///
/// A slow caller must get all of its answer, however long that takes; one that takes a byte now and then only holds our
/// memory. Asked at the end of each `limits.answerTimeout`. Decides only; who counts the bytes is its owner.
struct AnswerPace {
    /// What must have been taken in each time, on average. The slowest networks that carry HTTP, links by satellite of
    /// 2,400 bits a second, take more.
    static let bytesPerSecondMin = 256

    private var ofAnswer = 0
    private var ofConnection = 0

    /// - Parameters:
    ///   - answer: bytes of the answer that have been taken.
    ///   - connection: bytes of all answers of the connection that have been taken, where this one only waits for its
    ///     turn among them; nil where it is the answer's own reader that takes nothing.
    ///   - nanoseconds: since the last time that it was asked, or since the answer.
    mutating func isKept(answer: Int, connection: Int?, within nanoseconds: UInt64) -> Bool {
        let needed = max(1, Int(clamping: nanoseconds / 1_000_000_000) * Self.bytesPerSecondMin)
        let isKept = answer - self.ofAnswer >= needed || connection.map { $0 - self.ofConnection >= needed } == true
        self.ofAnswer = answer
        if let connection { self.ofConnection = connection }
        return isKept
    }
}
