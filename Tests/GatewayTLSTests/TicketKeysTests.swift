import Synchronization
import Testing

@testable import GatewayTLS

@Suite("The keys of session tickets")
struct TicketKeysTests {
    private static let lifetime = TicketKeys.ticketLifetime

    /// A clock that stands where the test puts it.
    private final class Clock: Sendable {
        let seconds = Atomic<UInt64>(1_000)
        func advance(by seconds: UInt64) { self.seconds.wrappingAdd(seconds, ordering: .relaxed) }
        func set(_ seconds: UInt64) { self.seconds.store(seconds, ordering: .relaxed) }
        var now: @Sendable () -> UInt64 { { self.seconds.load(ordering: .relaxed) } }
    }

    @Test("a key seals for as long as a ticket lives, and opens for as long again")
    func lives() throws {
        let clock = Clock()
        let keys = TicketKeys(clock: clock.now)
        let first = try #require(keys.current())
        clock.advance(by: Self.lifetime - 1)
        #expect(keys.current() === first)
        clock.advance(by: 1)
        let second = try #require(keys.current())
        #expect(second !== first)
        #expect(second.name != first.name)
        clock.advance(by: Self.lifetime - 1)
        #expect(keys.current() === second)
        let found = first.name.withUnsafeBytes { keys.key(named: $0) }
        #expect(found?.key === first)
        #expect(found?.isCurrent == false)
        clock.advance(by: 1)
        #expect(first.name.withUnsafeBytes { keys.key(named: $0) } == nil)
        #expect(second.name.withUnsafeBytes { keys.key(named: $0) }?.isCurrent == false)
    }

    @Test("after a long silence nothing of old is opened")
    func silence() throws {
        let clock = Clock()
        let keys = TicketKeys(clock: clock.now)
        let first = try #require(keys.current())
        clock.advance(by: 2 * Self.lifetime)
        #expect(first.name.withUnsafeBytes { keys.key(named: $0) } == nil)
    }

    @Test("a ticket of somebody else's is not opened, and makes no key")
    func strangers() {
        let keys = TicketKeys(clock: { 0 })
        #expect([UInt8](repeating: 0, count: TicketKey.nameLength).withUnsafeBytes { keys.key(named: $0) } == nil)
    }

    @Test("a clock that goes back changes nothing and traps nothing")
    func oddClock() throws {
        let clock = Clock()
        let keys = TicketKeys(clock: clock.now)
        let first = try #require(keys.current())
        clock.set(0)
        #expect(keys.current() === first)
        clock.set(.max)
        #expect(keys.current() !== first)
    }

    @Test("an unused key is overwritten and goes")
    func released() {
        let clock = Clock()
        let keys = TicketKeys(clock: clock.now)
        weak let first = keys.current()
        #expect(first != nil)
        clock.advance(by: 2 * Self.lifetime)
        _ = keys.current()
        #expect(first == nil)
    }

    @Test(
        "a session is resumed while its ticket lives, whatever becomes of the keys, and not with a key that is gone"
    )
    func resumed() throws {
        let clock = Clock()
        let client = try Fixture.client()
        let server = try Fixture.server(clock: clock.now)
        let sessions = TLSSessions()
        func connect() throws -> TLSConnection {
            let pair = try TLSPair(client: client, server: server, sessions: sessions)
            pair.shakeHands()
            #expect(pair.clientResult == .complete)
            _ = pair.client.readAll()
            return pair.client
        }
        #expect(try !connect().isResumed)
        #expect(try connect().isResumed)
        // As late as a ticket can be that was sealed with the first key.
        clock.advance(by: Self.lifetime + Self.lifetime / 2)
        #expect(try connect().isResumed)
        // The newest ticket is of the second key now.
        clock.advance(by: Self.lifetime)
        #expect(try connect().isResumed)
        clock.advance(by: 2 * Self.lifetime)
        #expect(try !connect().isResumed)
        #expect(try connect().isResumed)
    }
}

extension TicketKey {
    /// The name that its tickets have.
    fileprivate var name: [UInt8] {
        Array(self.nameBytes)
    }
}
