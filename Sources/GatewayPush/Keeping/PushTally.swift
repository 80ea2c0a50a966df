/// How many lines have come to which end.
package struct PushTally: Equatable, Sendable {
    package private(set) var done = 0
    package private(set) var refused = 0
    package private(set) var unprocessed = 0
    package private(set) var unknown = 0

    package init(done: Int = 0, refused: Int = 0, unprocessed: Int = 0, unknown: Int = 0) {
        self.done = done
        self.refused = refused
        self.unprocessed = unprocessed
        self.unknown = unknown
    }

    package var all: Int { self.done + self.refused + self.unprocessed + self.unknown }

    mutating func add(_ fate: LineFate) {
        switch fate {
        case .done: self.done += 1
        case .refused: self.refused += 1
        case .unprocessed: self.unprocessed += 1
        case .unknown: self.unknown += 1
        }
    }
}
