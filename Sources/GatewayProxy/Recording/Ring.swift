/// The last few of something. Bounded: what is new takes the place of what is oldest.
struct Ring<Element> {
    private var elements: [Element] = []
    private var next = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func append(_ element: Element) {
        if self.elements.count < self.capacity {
            self.elements.append(element)
        } else {
            self.elements[self.next] = element
            self.next = (self.next + 1) % self.capacity
        }
    }

    /// The newest.
    var last: Element? {
        self.elements.isEmpty ? nil : self.elements[(self.next + self.elements.count - 1) % self.elements.count]
    }

    /// Oldest first.
    var all: [Element] { Array(self.elements[self.next...] + self.elements[..<self.next]) }
}

extension Ring: Sendable where Element: Sendable {}
