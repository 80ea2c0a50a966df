import GatewayJSON

/// A sentence in a problem: the gateway's own words, a vendor's, or a vendor's behind the gateway's.
///
/// A vendor's words stay where they came in its answer's bytes, which live as long as the problem does.
struct ProblemText: Sendable {
    private let own: String
    private let quoted: VendorText
    /// What `quoted` is part of.
    private let words: [UInt8]

    init(_ own: String) {
        self.own = own
        self.quoted = .none
        self.words = []
    }

    /// `own` directly followed by what a vendor said.
    init(_ own: String = "", quoting quoted: VendorText, of words: [UInt8]) {
        self.own = own
        self.quoted = quoted
        self.words = words
    }

    var string: String {
        guard let quoted = self.quoted.string(of: self.words) else { return self.own }
        return self.own.isEmpty ? quoted : self.own + quoted
    }

    /// Writes it as one JSON string.
    func append(to output: inout some JSONSink & ~Copyable) {
        guard self.quoted.isGiven else {
            output.append(quoting: self.own)
            return
        }
        output.append(UInt8(ascii: "\""))
        if !self.own.isEmpty { output.append(escaping: self.own) }
        self.quoted.withBytes(of: self.words) { output.append(escaping: $0) }
        output.append(UInt8(ascii: "\""))
    }
}

extension ProblemText: Equatable {
    static func == (one: ProblemText, other: ProblemText) -> Bool {
        guard one.quoted.isGiven, other.quoted.isGiven, one.own == other.own else { return one.string == other.string }
        return one.quoted.withBytes(of: one.words) { left in
            other.quoted.withBytes(of: other.words) { JSONView.areEqual(left, $0) }
        }
    }
}
