/// Why a file could not be read.
package enum FileError: Error, Sendable, Equatable {
    case tooLarge(bytesMax: Int)
    /// The system refused; its own words, such as "No such file or directory".
    case system(reason: String)
}

extension FileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let bytesMax): "is larger than \(ByteCount.text(bytesMax))"
        case .system(let reason): "cannot be read: \(reason)"
        }
    }
}
