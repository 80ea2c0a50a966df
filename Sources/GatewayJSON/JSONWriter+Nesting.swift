extension JSONWriter {
    /// Writes an object whose members `body` writes; as a member's value where a name is given.
    package mutating func object(_ name: String? = nil, _ body: (inout JSONWriter) -> Void) {
        if let name { self.name(name) }
        self.beginObject()
        body(&self)
        self.endObject()
    }

    /// Writes an array whose elements `body` writes; as a member's value where a name is given.
    package mutating func array(_ name: String? = nil, _ body: (inout JSONWriter) -> Void) {
        if let name { self.name(name) }
        self.beginArray()
        body(&self)
        self.endArray()
    }

    /// A member with an array of strings.
    package mutating func member(_ name: String, _ values: [String]) {
        self.array(name) { writer in
            for value in values { writer.string(value) }
        }
    }
}
