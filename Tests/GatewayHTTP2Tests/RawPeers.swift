@testable import GatewayHTTP2

/// A server's session that a test speaks to in raw frames.
struct RawServer {
    /// A request that is right in every way.
    static let request: KeyValuePairs<String, String> = [
        ":method": "PUT", ":scheme": "https", ":authority": "gateway.test", ":path": "/",
    ]

    let peer: SessionPeer

    /// - Parameter isSettled: whether settings have been exchanged already.
    init(limits: HTTP2Limits = HTTP2Limits(), isSettled: Bool = true) throws {
        self.peer = try SessionPeer(.server, limits: limits)
        guard isSettled else { return }
        try self.peer.receive(RawFrame.clientPreface + RawFrame.settings().bytes)
        _ = try self.peer.output()
        try self.peer.receive(RawFrame.settings(isAcknowledgement: true).bytes)
        self.peer.forgetHappenings()
    }

    func receive(_ frames: RawFrame...) throws {
        try self.peer.receive(frames.flatMap(\.bytes))
    }

    /// What the session has to send.
    func frames() throws -> [RawFrame] {
        RawFrame.read(try self.peer.output())
    }
}

/// A client's session that a test answers in raw frames.
struct RawClient {
    let peer: SessionPeer

    init(limits: HTTP2Limits = HTTP2Limits(), isSettled: Bool = true) throws {
        self.peer = try SessionPeer(.client, limits: limits)
        _ = try self.peer.output()
        guard isSettled else { return }
        try self.receive(.settings(), .settings(isAcknowledgement: true))
        _ = try self.peer.output()
        self.peer.forgetHappenings()
    }

    func receive(_ frames: RawFrame...) throws {
        try self.peer.receive(frames.flatMap(\.bytes))
    }

    /// Sends a request and forgets its frames; the result is its stream.
    func request(body: [UInt8] = []) throws -> UInt32 {
        let stream = try self.peer.session.submitRequest(fields: .request(), body: body)
        _ = try self.peer.output()
        return UInt32(stream)
    }

    func frames() throws -> [RawFrame] {
        RawFrame.read(try self.peer.output())
    }
}
