import GatewayMetrics
import GatewayTranslation

/// A failure that operators may ask about: no product data, no secret, nothing of a vendor's body.
struct RecentFailure: Sendable {
    var epochMilliseconds: Int
    var requestID: String
    var traceID: TraceID?
    var operation: CountedOperation
    var target: String?
    var code: ProblemCode
    var origin: ProblemOrigin
    var outcome: Outcome
    var attempts: Int
    var vendorStatus: Int?
    var durationMicroseconds: Int
    /// Only where the words are the gateway's own.
    var detail: String?

    /// A refusal with reasons, by the gateway or the vendor: the caller has to change something.
    var isRejection: Bool { self.code.status < 500 }

    /// Details of these codes speak of connections and time, never of the document.
    static func detail(of problem: Problem) -> String? {
        switch problem.code {
        case .vendorUnreachable, .vendorTimeout, .overloaded, .vendorCredentialsRejected:
            problem.vendor?.detail == nil ? problem.detail : nil
        default: nil
        }
    }
}

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

    /// Oldest first.
    var all: [Element] { Array(self.elements[self.next...] + self.elements[..<self.next]) }
}

extension Ring: Sendable where Element: Sendable {}
