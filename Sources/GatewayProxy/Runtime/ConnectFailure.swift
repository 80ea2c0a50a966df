import Glibc
import NIOCore
import NIOPosix

/// Says in a few words why no connection could be made.
package enum ConnectFailure {
    package static func describe(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first { return self.describe(failure.error) }
            if error.dnsAError != nil || error.dnsAAAAError != nil {
                return "the name \(error.host) could not be looked up"
            }
            return "no address of \(error.host) could be reached"
        case ChannelError.connectTimeout:
            return "the connection took too long"
        case let error as IOError:
            // The system's own words; the error's description wraps them in the name of a call that was not made.
            return String(cString: strerror(error.errnoCode))
        default:
            return "\(error)"
        }
    }
}
