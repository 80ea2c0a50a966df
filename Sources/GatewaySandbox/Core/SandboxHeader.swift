/// One header field of a request or an answer. Names are lower case, as HTTP/2 has them (RFC 9113 section 8.2.1).
package struct SandboxHeader: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [SandboxHeader] {
    /// The value of the first field of that name, which must be given in lower case.
    package func first(_ name: String) -> String? {
        for header in self where header.name == name { return header.value }
        return nil
    }
}
