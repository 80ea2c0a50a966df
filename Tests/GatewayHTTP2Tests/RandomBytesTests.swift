import Testing

@testable import GatewayHTTP2

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Nothing that a peer sends can trap the process")
struct RandomBytesTests {
    /// Answers whatever looks like a request, so that both directions are at work.
    private func answering(_ peer: SessionPeer) {
        peer.whileDelivering = { event, session in
            switch event {
            case .message(let stream, let fields, _):
                // Reading every byte of every field is what would find a dangling one.
                _ = fields.texts
                try? session.submitResponse(
                    streamID: stream, fields: .response(), body: patternedBody(2_000))
            case .oversizedFields(let stream, _, _):
                try? session.submitResponse(streamID: stream, fields: .response(431), body: [])
            case .data(let stream, let bytes):
                if bytes.last == 7 { try? session.submitReset(streamID: stream, code: .cancel) }
            default: break
            }
        }
    }

    private func feed(_ bytes: [UInt8], to peer: SessionPeer, using random: inout SeededGenerator) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...200, using: &random))
            rest = rest.dropFirst(part.count)
            do {
                try peer.receive(Array(part))
                _ = try peer.output()
            } catch {
                return
            }
        }
    }

    @Test("random frames in random order", arguments: [1, 2, 3, 4] as [UInt64])
    func randomFrames(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            let server = try RawServer()
            self.answering(server.peer)
            var bytes: [UInt8] = []
            for _ in 0..<30 {
                let count = Int.random(in: 0...40, using: &random)
                bytes +=
                    RawFrame(
                        kind: UInt8.random(in: 0...11, using: &random),
                        flags: UInt8.random(in: 0...255, using: &random),
                        stream: UInt32.random(in: 0...9, using: &random),
                        payload: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                    ).bytes
            }
            self.feed(bytes, to: server.peer, using: &random)
        }
    }

    @Test("good conversations with a few bytes changed", arguments: [11, 12, 13, 14] as [UInt64])
    func mutatedRequests(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good: [RawFrame] = [
            .headers(1, RawServer.request, isEnd: false), .data(1, patternedBody(300)),
            .windowUpdate(0, 1_000), .headers(3, RawServer.request), .data(1, [], isEnd: true),
            .settings([(4, 10_000)]), .ping(), .headers(5, RawServer.request, isEnd: false),
            .headers(5, ["x-trailer": "1"]), .reset(3), .headers(7, RawServer.request, isWhole: false),
            .continuation(7, block: HPACK.literal("x", "y"), isWhole: true), .goAway(last: 0),
        ]
        let bytes = RawFrame.clientPreface + RawFrame.settings().bytes + good.flatMap(\.bytes)
        for _ in 0..<150 {
            let server = try RawServer(isSettled: false)
            self.answering(server.peer)
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 24..<mutated.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: mutated[position] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated.remove(at: position)
                default: mutated.insert(UInt8.random(in: 0...255, using: &random), at: position)
                }
            }
            self.feed(mutated, to: server.peer, using: &random)
        }
    }

    @Test("good answers with a few bytes changed", arguments: [21, 22, 23, 24] as [UInt64])
    func mutatedResponses(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good: [RawFrame] = [
            .settings([(3, 50)]), .settings(isAcknowledgement: true),
            .headers(1, [":status": "103"], isEnd: false), .headers(1, [":status": "200"], isEnd: false),
            .data(1, patternedBody(300)), .headers(3, [":status": "204"]), .windowUpdate(5, 100),
            .headers(1, ["x-trailer": "1"]), .reset(5), .headers(7, [":status": "503"], isEnd: false),
            .goAway(last: 7), .data(7, [1], isEnd: true),
        ]
        let bytes = good.flatMap(\.bytes)
        for _ in 0..<150 {
            let client = try RawClient(isSettled: false)
            for _ in 0..<5 {
                _ = try client.peer.session.submitRequest(
                    fields: .request(), body: patternedBody(100))
            }
            _ = try client.peer.output()
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                mutated[Int.random(in: 0..<mutated.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            self.feed(mutated, to: client.peer, using: &random)
        }
    }
}
