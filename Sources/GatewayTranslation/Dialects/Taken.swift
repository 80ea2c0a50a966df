import GatewayJSON

/// A value that a request takes from an earlier answer of the same delivery: a version, an ETag, a token.
package struct Taken: Sendable, Hashable {
    package enum Answer: Sendable, Hashable {
        /// The answer to the read that goes before a change.
        case read
        /// The answer to the request before this one.
        case previous
    }

    package enum Place: Sendable, Hashable {
        /// Tokens into the answer's body.
        case pointer([String])
        /// A header field's name, in lower case.
        case header(String)
        /// All cookies that the answer sets, as a `cookie` header has them.
        case cookies
    }

    package let answer: Answer
    package let place: Place
    /// As the dialect writes it, without braces: `read:header:etag`.
    package let written: String

    /// The names of the header fields that have to be kept of an answer for this.
    package var headers: [String] {
        switch self.place {
        case .pointer: []
        case .header(let name): [name]
        case .cookies: ["set-cookie"]
        }
    }

    /// Reads `read:/version`, `read:header:etag`, `read:cookies`, `answer:/sys/version`. Nil where it is none of them.
    init?(_ written: String) {
        let rest: Substring
        if written.hasPrefix("read:") {
            self.answer = .read
            rest = written.dropFirst(5)
        } else if written.hasPrefix("answer:") {
            self.answer = .previous
            rest = written.dropFirst(7)
        } else {
            return nil
        }
        if rest == "cookies" {
            self.place = .cookies
        } else if rest.hasPrefix("header:"), rest.count > 7 {
            self.place = .header(rest.dropFirst(7).lowercased())
        } else if rest.hasPrefix("/"), let tokens = JSONPointer.tokens(String(rest)) {
            self.place = .pointer(tokens)
        } else {
            return nil
        }
        self.written = written
    }
}
