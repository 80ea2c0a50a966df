import GatewayHTTP
import NIOHTTP1

/// A request's target (RFC 9112 section 3.2).
enum HTTP1Target {
    /// The path with its query, as HTTP/2 would have it in `:path`.
    ///
    /// Takes a path; `*` with OPTIONS; and, as every server must, a whole URL, whose host must be the `host` field's.
    static func path(of target: String, method: HTTPMethod, host: String?) throws(HTTP1RequestError) -> [UInt8] {
        let bytes = Array(target.utf8)
        // The rest of ASCII is no part of a URI, and beyond it the decoder has replaced what is not UTF-8.
        guard bytes.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .target }
        switch bytes.first {
        case UInt8(ascii: "/"): return bytes
        case UInt8(ascii: "*") where bytes.count == 1 && method == .OPTIONS: return bytes
        // Names a host and a port to be connected with: refused by its method, whatever they are.
        case _ where method == .CONNECT: return bytes
        default: return try self.path(ofURL: target, host: host)
        }
    }

    private static func path(ofURL target: String, host: String?) throws(HTTP1RequestError) -> [UInt8] {
        let lowercased = target.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowercased.hasPrefix) else { throw .target }
        let rest = target.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = String(rest[..<end])
        guard Authority.isValid(authority) else { throw .target }
        guard host == nil || host?.lowercased() == authority.lowercased() else { throw .otherTarget }
        let path = Array(rest[end...].utf8)
        return path.first == UInt8(ascii: "/") ? path : [UInt8(ascii: "/")] + path
    }
}
