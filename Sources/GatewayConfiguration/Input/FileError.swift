/// Why a file could not be read.
package enum FileError: Error, Sendable, Equatable {
    case tooLarge(bytesMax: Int)
    /// There is no such file, or this user may not read it; the system's words, such as "No such file or directory".
    case absent(reason: String)
    /// There is something else in its place, which reading might wait for without end: `a directory`, `a pipe`.
    case notRegular(kind: String)
    /// The system refused for another reason; its own words.
    case system(reason: String)

    /// Whether the file may be there later, or on the machine that a configuration is written for.
    package var isAbsence: Bool {
        if case .absent = self { true } else { false }
    }
}

extension FileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let bytesMax): "is larger than \(ByteCount.text(bytesMax))"
        case .absent(let reason), .system(let reason): "cannot be read: \(reason)"
        case .notRegular(let kind): "is \(kind), not a regular file"
        }
    }
}
