import Glibc

/// Standard input, output and error of this process.
enum StandardStreams {
    /// Takes the numbers of those that whoever started the process has closed.
    ///
    /// The system gives the lowest free number to whatever is opened next, and the log would be written into a file or
    /// to a caller. What stands in for them ends at once where it is read, and refuses to be written, so that lines are
    /// counted as lost. To be called before anything else is opened.
    static func reserve() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // Those below are taken: the system chooses this number.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
