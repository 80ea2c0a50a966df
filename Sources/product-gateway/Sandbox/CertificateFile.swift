import GatewayTLS
import Glibc

/// The development certificate as a file, for clients to trust while the gateway runs.
struct CertificateFile {
    enum WriteError: Error, CustomStringConvertible {
        case failed(path: String, reason: String)

        var description: String {
            switch self {
            case .failed(let path, let reason): "\(path) cannot be written: \(reason)"
            }
        }
    }

    let path: String

    /// - Parameter path: `nil` chooses a new file among the temporary ones.
    init(_ certificate: DevelopmentCertificate, path: String?) throws(WriteError) {
        let descriptor: Int32
        if let path {
            self.path = path
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644)
        } else {
            // mkstemp makes a file that was not there, so that nobody can have put a link in its place.
            let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
            var template = Array("\(folder)/product-gateway-XXXXXX.pem".utf8CString)
            descriptor = mkstemps(&template, Int32(".pem".utf8.count))
            self.path = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        guard descriptor >= 0 else {
            throw .failed(path: self.path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let count = write(descriptor, certificate.certificate, certificate.certificate.count)
        guard count == certificate.certificate.count else {
            throw .failed(path: self.path, reason: String(cString: strerror(errno)))
        }
        fchmod(descriptor, 0o644)
    }

    func remove() {
        unlink(self.path)
    }
}
