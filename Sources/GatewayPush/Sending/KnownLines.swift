import GatewayJSON

/// What a gateway knows of the lines of a stream with a key, from earlier streams: the answer to `GET /v1/bulk/{key}`.
struct KnownLines: Equatable {
    /// The last line that it has taken; 0 where it knows of none.
    var last = 0
    /// Those up to it that are not done.
    var open = LineRanges()
    /// Beyond the last open line that it names there are others.
    var hasMore = false
    /// A stream with the key is under way, or its end has not been noticed.
    var isUnderWay = false

    init() {}

    /// Nil where the text is no such answer.
    init?(_ text: [UInt8]) {
        // What is read of it refers to the tape.
        let tape = JSONTape()
        defer { withExtendedLifetime(tape) {} }
        let known: KnownLines? = text.withUnsafeBufferPointer { bytes in
            guard let view = try? tape.parse(bytes, limits: JSONLimits(bytesMax: 8 << 20, depthMax: 8)),
                view[0].kind == .object, let last = view.member("lines", of: 0).flatMap({ Self.integer(view, $0) }),
                let list = view.member("open", of: 0), view[list].kind == .array,
                let more = view.member("more", of: 0), let underWay = view.member("underWay", of: 0)
            else { return nil }
            var known = KnownLines()
            known.last = last
            known.hasMore = view[more].kind == .true
            known.isUnderWay = view[underWay].kind == .true
            var ranges: [ClosedRange<Int>] = []
            var item = list + 1
            while item < view.next(after: list) {
                guard view[item].kind == .array, view.childCount(of: item) == 2,
                    let lower = Self.integer(view, item + 1), let upper = Self.integer(view, item + 2), lower >= 1,
                    lower <= upper, upper <= LineRanges.lineMax
                else { return nil }
                ranges.append(lower...upper)
                item = view.next(after: item)
            }
            known.open = LineRanges(ranges)
            return known
        }
        guard let known else { return nil }
        self = known
    }

    /// Whether a line that was sent in an earlier stream is done.
    func isDone(_ line: Int) -> Bool {
        guard line <= self.last, !self.open.contains(line) else { return false }
        return !self.hasMore || line < self.open.ranges.last?.upperBound ?? 0
    }

    private static func integer(_ view: JSONView, _ index: Int) -> Int? {
        guard index < view.count, view[index].kind == .number else { return nil }
        return Int(String(decoding: view.raw(view[index]), as: UTF8.self))
    }
}
