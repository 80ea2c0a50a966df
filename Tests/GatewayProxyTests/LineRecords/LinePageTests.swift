import Testing

@testable import GatewayProxy

@Suite("What is known of a page of lines")
struct LinePageTests {
    @Test("a line is open, begun, done; what has come of nothing is open again")
    func standing() {
        var page = LinePage(lanes: 2)
        page.take(700)
        #expect(page.standing(of: 700, at: 1) == .open)
        page.begin(700, at: 1)
        #expect(page.standing(of: 700, at: 1) == .begun)
        #expect(page.standing(of: 700, at: 0) == .open)
        page.release(700, at: 1)
        #expect(page.standing(of: 700, at: 1) == .open)
        page.begin(700, at: 1)
        page.finish(700, at: 1, digest: 7)
        page.finish(700, at: 1, digest: 7)
        #expect(page.standing(of: 700, at: 1) == .done)
        #expect(page.doneLines(ofBlock: 5, at: 1) == (1, 7))
        #expect(page.doneLines(ofBlock: 5, at: 0) == (0, 0))
    }

    @Test("lines that were there and are not done at every target are open")
    func open() {
        var page = LinePage(lanes: 2)
        for line in [0, 3, 4, 16_383] { page.take(line) }
        for lane in 0...1 { page.finish(3, at: lane, digest: 1) }
        page.finish(4, at: 0, digest: 1)
        var open: [Int] = []
        page.forEachOpen {
            open.append($0)
            return true
        }
        #expect(open == [0, 4, 16_383])
        #expect(page.lastKnown == 16_383)
        #expect(LinePage(lanes: 1).lastKnown == nil)
        var seen = 0
        page.forEachOpen { _ in
            seen += 1
            return false
        }
        #expect(seen == 1)
    }

    @Test("it is read back as it was written, whatever it holds", arguments: [1, 3])
    func bytes(lanes: Int) {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            var page = LinePage(lanes: lanes)
            for _ in 0..<Int.random(in: 0...3000, using: &random) {
                let line = Int.random(in: 0..<LinePage.size, using: &random)
                let lane = Int.random(in: 0..<lanes, using: &random)
                page.take(line)
                if Bool.random(using: &random) { page.begin(line, at: lane) }
                if Bool.random(using: &random) { page.finish(line, at: lane, digest: random.next()) }
            }
            #expect(LinePage(bytes: page.bytes, lanes: lanes) == page)
        }
    }

    @Test("bytes of another version, for other targets, cut off, or with too many blocks are refused")
    func refused() {
        var page = LinePage(lanes: 1)
        page.take(5)
        page.finish(5, at: 0, digest: 99)
        let bytes = page.bytes
        #expect(LinePage(bytes: bytes, lanes: 2) == nil)
        #expect(LinePage(bytes: [9] + bytes.dropFirst(), lanes: 1) == nil)
        for count in 0..<bytes.count where count != 2 {
            #expect(LinePage(bytes: Array(bytes[..<count]), lanes: 1) == nil)
        }
        #expect(LinePage(bytes: [1, 1] + Array(repeating: 0, count: 3 * 129), lanes: 1) == nil)
    }

    @Test("a million lines take no more than 128 KiB, where all are done and where one in a hundred is not")
    func size() {
        for failing in [0, 100] {
            var bytes = 0
            for first in stride(from: 0, to: 1_000_000, by: LinePage.size) {
                var page = LinePage(lanes: 1)
                for line in 0..<min(LinePage.size, 1_000_000 - first) {
                    page.take(line)
                    if failing == 0 || (first + line) % failing != 0 {
                        page.finish(line, at: 0, digest: UInt64(line) &* 0x9E37_79B9_7F4A_7C15)
                    }
                }
                // A record's own bytes, as they count against a caller's room.
                bytes += page.bytes.count + 420
            }
            #expect(bytes <= 128 << 10, "\(bytes) bytes with one in \(failing) open")
        }
    }

    @Test(
        "every line has its place", arguments: [(1, 0, 0), (16_384, 0, 16_383), (16_385, 1, 0), (1_000_000, 61, 575)])
    func place(number: Int, page: Int, line: Int) {
        #expect(LinePage.place(of: number) == (page, line))
    }
}
