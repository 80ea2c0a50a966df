import ArgumentParser
import GatewayConfiguration
import Glibc

/// The document that a command reads: a file, or standard input.
enum InputDocument {
    /// A vendor's answer may be several MiB; whatever is larger is no product.
    private static let bytesMax = 256 << 20

    /// - Parameter file: `-` is standard input.
    static func read(_ file: String, what: String) throws -> [UInt8] {
        if file == "-", isatty(STDIN_FILENO) == 1 {
            Terminal.error("reading \(what) from standard input; end it with Ctrl-D")
        }
        let path = file == "-" ? "/dev/stdin" : file
        switch SystemFile.readDocument(path, bytesMax: self.bytesMax) {
        case .success(let bytes): return bytes
        case .failure(let error): throw ValidationError("\(file) \(error)")
        }
    }
}
