internal import COpenSSL

/// What OpenSSL's error queue of this thread said, oldest first.
package struct OpenSSLErrors: Equatable, Sendable, CustomStringConvertible {
    /// OpenSSL's reason texts, such as `wrong version number`.
    package let reasons: [String]

    package var description: String {
        self.reasons.isEmpty ? "no reason given" : self.reasons.joined(separator: "; ")
    }

    package init(reasons: [String]) {
        self.reasons = reasons
    }

    /// Empties the queue of the calling thread into a value.
    ///
    /// At most 8 reasons are kept: OpenSSL itself keeps 16, and the first ones tell the cause.
    static func drained() -> OpenSSLErrors {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { break }
            guard reasons.count < 8 else { continue }
            if let reason = ERR_reason_error_string(code) {
                reasons.append(String(cString: reason))
            } else {
                reasons.append("OpenSSL error \(code)")
            }
        }
        return OpenSSLErrors(reasons: reasons)
    }
}
