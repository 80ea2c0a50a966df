import GatewayJSON
import NIOCore

/// Exchanges as they end, for one who watches: their log lines, as NDJSON.
///
/// Bounded for who does not read: lines that find too much unread are left out, counted, and told in a line of their
/// own as soon as there is room. Confined to the admin listener's event loop.
final class ExchangeStream: AdminStream {
    private let filter: ExchangeFilter
    private unowned let feed: ExchangeFeed
    private weak var connection: AdminConnection?
    private var leftOut = 0
    private var quietSince = NIODeadline.uptimeNanoseconds(0)

    /// A few hundred lines: what a terminal that was stopped for a moment can catch up with.
    private static let unreadBytesMax = 256 * 1024
    /// A line feed in this time tells a peer, and whatever is between, that the connection is alive.
    private static let quietTime = TimeAmount.seconds(15)

    init(_ filter: ExchangeFilter, of feed: ExchangeFeed) {
        self.filter = filter
        self.feed = feed
    }

    func begin(on connection: AdminConnection) {
        self.connection = connection
        self.feed.add(self)
    }

    func ended() {
        self.connection = nil
        self.feed.remove(self)
    }

    /// Exchanges that have ended, and how many the watch itself had to leave out.
    func take(_ exchanges: [WatchedExchange], leftOut: Int, now: NIODeadline) {
        guard let connection = self.connection else { return }
        var part = ByteBuffer()
        self.leftOut += leftOut
        for exchange in exchanges where self.filter.takes(exchange) {
            if self.leftOut > 0, connection.unreadBytes == 0 { self.tellLeftOut(to: &part) }
            let isFull = connection.unreadBytes + part.readableBytes + exchange.line.count > Self.unreadBytesMax
            if isFull {
                self.leftOut += 1
            } else {
                part.writeBytes(exchange.line)
            }
        }
        if self.leftOut > 0, connection.unreadBytes == 0, part.readableBytes == 0 { self.tellLeftOut(to: &part) }
        if part.readableBytes == 0, now - self.quietSince >= Self.quietTime, connection.unreadBytes == 0 {
            part.writeString("\n")
        }
        guard part.readableBytes > 0 else { return }
        self.quietSince = now
        connection.write(more: part)
    }

    private func tellLeftOut(to part: inout ByteBuffer) {
        var line = JSONWriter(reservingCapacity: 64)
        line.object {
            $0.member("message", "exchanges left out")
            $0.member("count", self.leftOut)
        }
        part.writeBytes(line.bytes)
        part.writeString("\n")
        self.leftOut = 0
    }
}
