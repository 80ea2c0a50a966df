import NIOCore

@testable import GatewayTLS

/// A client's and a server's TLS connection that hear each other, without a socket between them.
final class TLSPair {
    let client: TLSConnection
    let server: TLSConnection
    private(set) var clientResult: TLSConnection.Result = .needsInput
    private(set) var serverResult: TLSConnection.Result = .needsInput

    init(
        client: TLSContext, server: TLSContext, serverName: String? = "localhost", sessions: TLSSessions? = nil
    ) throws {
        self.client = try TLSConnection(context: client, serverName: serverName, sessions: sessions)
        self.server = try TLSConnection(context: server)
    }

    /// Goes on with the handshake until neither side has anything to say.
    func shakeHands() {
        while true {
            if self.clientResult == .needsInput { self.clientResult = self.client.handshake() }
            let fromClient = self.client.takeOutput()
            if let fromClient { self.server.receive(fromClient) }
            if self.serverResult == .needsInput { self.serverResult = self.server.handshake() }
            let fromServer = self.server.takeOutput()
            if let fromServer { self.client.receive(fromServer) }
            if fromClient == nil, fromServer == nil { return }
        }
    }

    /// Carries what `from` has to send, and everything that `to` can decrypt of it.
    static func carry(from: TLSConnection, to: TLSConnection) -> (bytes: [UInt8], result: TLSConnection.Result) {
        if let output = from.takeOutput() { to.receive(output) }
        return to.readAll()
    }
}

extension TLSConnection {
    /// All plaintext there is, and how the reading ended.
    func readAll(maximum: Int = 64 * 1024) -> (bytes: [UInt8], result: TLSConnection.Result) {
        var bytes: [UInt8] = []
        while true {
            var buffer = ByteBuffer()
            let result = self.read(into: &buffer, maximum: maximum)
            bytes.append(contentsOf: buffer.readableBytesView)
            guard result == .complete else { return (bytes, result) }
        }
    }

    func write(_ bytes: [UInt8]) -> Result {
        bytes.withUnsafeBytes { self.write($0) }
    }
}

/// Certificates and contexts for the tests: made once, a key takes a moment.
enum Fixture {
    static let certificate = Result { try DevelopmentCertificate() }
    static let stranger = Result { try DevelopmentCertificate() }

    static func server(
        _ certificate: DevelopmentCertificate? = nil, protocols: [String] = ["h2"],
        minimumVersion: TLSContext.MinimumVersion = .tls12, clock: @escaping @Sendable () -> UInt64 = { 0 }
    ) throws -> TLSContext {
        let certificate = try certificate ?? self.certificate.get()
        return try .server(
            certificateChain: certificate.certificate, privateKey: certificate.privateKey,
            applicationProtocols: protocols, minimumVersion: minimumVersion, clock: clock)
    }

    static func client(
        trusting certificate: DevelopmentCertificate? = nil, protocols: [String] = ["h2"],
        minimumVersion: TLSContext.MinimumVersion = .tls12
    ) throws -> TLSContext {
        let certificate = try certificate ?? self.certificate.get()
        return try .client(
            authorities: certificate.certificate, applicationProtocols: protocols,
            minimumVersion: minimumVersion)
    }

    /// A pair that has shaken hands.
    static func connectedPair() throws -> TLSPair {
        let pair = try TLSPair(client: self.client(), server: self.server())
        pair.shakeHands()
        // What comes after the handshake: the server's session tickets.
        _ = pair.client.readAll()
        return pair
    }

    static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }
}
