import Glibc
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Accepting without file descriptors")
struct AcceptPauseTests {
    /// What was logged, and how often there was a pause.
    private final class Seen {
        var pauses = 0
        let lines = Lines()
    }

    private struct Lines: LogHandler {
        final class Store: @unchecked Sendable { var messages: [String] = [] }
        let store = Store()
        var logLevel: Logger.Level = .trace
        var metadata: Logger.Metadata = [:]
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }
        func log(event: LogEvent) { self.store.messages.append("\(event.message)") }
    }

    private static func listener(_ seen: Seen, quietTime: TimeAmount) throws -> EmbeddedChannel {
        let lines = seen.lines
        let pause = AcceptPause(
            whose: "callers", logger: Logger(label: "test") { _ in lines }, quietTime: quietTime,
            onPause: { seen.pauses += 1 })
        return EmbeddedChannel(handler: pause)
    }

    @Test("a failure stops reading for a moment, is counted each time and said once")
    func pause() throws {
        let seen = Seen()
        let channel = try Self.listener(seen, quietTime: .seconds(10))
        for round in 1...3 {
            for code in [EMFILE, ENFILE] {
                channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
            }
            #expect(seen.pauses == round)
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
        }
        #expect(seen.lines.store.messages == ["no connection can be accepted"])
    }

    @Test("accepting waits while what is left is kept for others")
    func keptForOthers() throws {
        final class Room { var isThere = true }
        let (room, seen) = (Room(), Seen())
        let pause = AcceptPause(
            whose: "callers", logger: Logger(label: "test") { _ in seen.lines }, hasRoom: { room.isThere },
            onPause: { seen.pauses += 1 })
        let channel = EmbeddedChannel(handler: pause)
        channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
        #expect(seen.pauses == 0)
        room.isThere = false
        channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
        #expect(seen.pauses == 1)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
        #expect(seen.pauses == 2)
        room.isThere = true
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
        #expect(seen.pauses == 2)
        #expect(seen.lines.store.messages == ["no connection can be accepted"])
    }

    @Test("that it works again is said with the first connection after a quiet time")
    func recovery() throws {
        let seen = Seen()
        let channel = try Self.listener(seen, quietTime: .zero)
        for _ in 1...2 {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
            for _ in 1...2 { channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel) }
        }
        let pair = ["no connection can be accepted", "connections are accepted again"]
        #expect(seen.lines.store.messages == pair + pair)
    }

    @Test("other failures are others' business")
    func others() throws {
        let seen = Seen()
        let channel = try Self.listener(seen, quietTime: .zero)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EBADF, reason: "accept"))
        #expect(seen.pauses == 0)
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
    }
}
