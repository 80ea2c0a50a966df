/// Why a plain connection to a gateway brought nothing.
enum SocketFailure: Error, Equatable, CustomStringConvertible {
    case timeout
    case notHTTP
    /// In the system's words.
    case system(reason: String)

    var description: String {
        switch self {
        case .timeout: "timed out"
        case .notHTTP: "it does not speak HTTP/1.1"
        case .system(let reason): reason
        }
    }
}
