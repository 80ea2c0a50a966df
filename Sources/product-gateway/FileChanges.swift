import GatewayConfiguration

/// Decides when files that are looked at now and then have changed for good.
///
/// Decides only: whoever owns it looks at the files. A change counts when two looks in a row find the same: a
/// certificate is often replaced a moment before its key.
struct FileChanges {
    enum Decision: Equatable {
        case nothing
        /// Something is being replaced: look again soon.
        case lookAgain
        /// These files are others than before, in the order in which they are followed.
        case changed([String])
    }

    private(set) var paths: [String] = []
    private var known: [String: FileState?] = [:]
    private var seen: [String: FileState?]?
    private var unsettledLooks = 0

    /// A file that never comes to rest does not keep the others waiting for longer than this.
    private static let unsettledLooksMax = 10

    /// Follows these files from now on, as they were when they were read.
    mutating func follow(_ files: [ConfigurationFile]) {
        self.paths = files.map(\.path)
        self.known = Dictionary(files.map { ($0.path, $0.state) }, uniquingKeysWith: { first, _ in first })
        self.seen = nil
        self.unsettledLooks = 0
    }

    /// The files have been looked at; what was found counts as known when it has been reported.
    mutating func look(_ state: (String) -> FileState?) -> Decision {
        let current: [String: FileState?] = Dictionary(
            self.paths.map { ($0, state($0)) }, uniquingKeysWith: { first, _ in first })
        guard current != self.known else {
            self.seen = nil
            self.unsettledLooks = 0
            return .nothing
        }
        self.unsettledLooks += 1
        guard current == self.seen || self.unsettledLooks > Self.unsettledLooksMax else {
            self.seen = current
            return .lookAgain
        }
        let changed = self.paths.filter { current[$0] != self.known[$0] }
        self.known = current
        self.seen = nil
        self.unsettledLooks = 0
        return .changed(changed)
    }
}
