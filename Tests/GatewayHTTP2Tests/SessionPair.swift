@testable import GatewayHTTP2

/// A client's and a server's session that hear each other, without a socket between them.
final class SessionPair {
    let client: SessionPeer
    let server: SessionPeer

    init(
        clientLimits: HTTP2Limits = HTTP2Limits(), serverLimits: HTTP2Limits = HTTP2Limits()
    ) throws {
        self.client = try SessionPeer(.client, limits: clientLimits)
        self.server = try SessionPeer(.server, limits: serverLimits)
    }

    /// A pair that has stated its settings, with nothing happened yet.
    static func settled(
        clientLimits: HTTP2Limits = HTTP2Limits(), serverLimits: HTTP2Limits = HTTP2Limits()
    ) throws -> SessionPair {
        let pair = try SessionPair(clientLimits: clientLimits, serverLimits: serverLimits)
        try pair.talk()
        pair.client.forgetHappenings()
        pair.server.forgetHappenings()
        return pair
    }

    /// Carries bytes both ways until neither side has more to say.
    func talk(chunk: Int = .max) throws {
        while true {
            let fromClient = try self.client.output()
            try Self.hand(fromClient, to: self.server, chunk: chunk)
            let fromServer = try self.server.output()
            try Self.hand(fromServer, to: self.client, chunk: chunk)
            if fromClient.isEmpty, fromServer.isEmpty { return }
        }
    }

    private static func hand(_ bytes: [UInt8], to peer: SessionPeer, chunk: Int) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try peer.receive(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
        }
    }
}

/// Bytes that no two places of a body have in common, so that a lost or repeated chunk shows.
func patternedBody(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}
