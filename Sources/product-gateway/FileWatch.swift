import GatewayConfiguration

/// Looks at the files that a configuration was made from, and says when they have changed.
///
/// Asks the system now and then instead of being told by it (inotify): that is the same on every file system, network
/// ones included, and sees through any number of symbolic links. A look costs a few microseconds for each file, on a
/// thread that no request runs on.
actor FileWatch {
    private var changes = FileChanges()
    private var interval: Duration = .zero

    /// How long files must stay as they are before they are read.
    private static let settling: Duration = .seconds(1)
    /// How often one that is switched off looks whether it still is.
    private static let offInterval: Duration = .seconds(1)

    /// Follows these files from now on.
    ///
    /// - Parameter interval: zero switches the watch off.
    func follow(_ files: [ConfigurationFile], every interval: Duration) {
        self.changes.follow(files)
        self.interval = interval
    }

    /// Watches until the task that runs it is cancelled.
    ///
    /// - Parameter report: told the paths of the files that have changed.
    func run(_ report: @Sendable ([String]) -> Void) async {
        var pause = self.interval
        while true {
            do {
                try await Task.sleep(for: pause > .zero ? pause : Self.offInterval)
            } catch {
                return
            }
            pause = self.interval
            guard self.interval > .zero else { continue }
            switch self.changes.look(FileState.init(path:)) {
            case .nothing: break
            case .lookAgain: pause = min(self.interval, Self.settling)
            case .changed(let paths): report(paths)
            }
        }
    }
}
