/// A moment on the clock that never goes back.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(milliseconds: Int32) {
        self.end = ContinuousClock.now + .milliseconds(milliseconds)
    }

    /// For `poll`; 0 when it has passed.
    var remainingMilliseconds: Int32 {
        let left = (self.end - ContinuousClock.now).wholeMilliseconds
        return Int32(clamping: max(0, left))
    }
}
