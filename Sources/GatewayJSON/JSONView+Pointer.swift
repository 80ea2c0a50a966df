extension JSONView {
    /// The RFC 6901 pointer of the value (or of the member whose name is) at `target`.
    ///
    /// Found by descending from the root: for messages, so that nothing has to be tracked while all is well. Long names
    /// are abridged, and so is what lies deeper than `JSONPointer.bytesMax`: see there.
    package func pointer(to target: Int) -> String {
        var pointer = ""
        var container = 0
        while container != target, self[container].kind == .object || self[container].kind == .array {
            let isObject = self[container].kind == .object
            let end = self.next(after: container)
            var child = container + 1
            var position = 0
            var found: Int?
            while child < end {
                let value = isObject ? child + 1 : child
                if target < self.next(after: value) {
                    guard pointer.utf8.count < JSONPointer.bytesMax else { return pointer + "/…" }
                    pointer += "/" + (isObject ? self.abridgedToken(self[child]) : String(position))
                    found = value
                    break
                }
                position += 1
                child = self.next(after: value)
            }
            guard let found, target >= found else { return pointer }
            container = found
        }
        return pointer
    }

    /// The index of the value that decoded reference tokens lead to, or nil. `[]` leads to the root.
    package func value(at tokens: [String], from start: Int = 0) -> Int? {
        var current = start
        for token in tokens {
            switch self[current].kind {
            case .object:
                var token = token
                guard let member = token.withUTF8({ self.member($0, of: current) }) else { return nil }
                current = member
            case .array:
                guard let position = Int(token), position >= 0, let element = self.element(position, of: current)
                else { return nil }
                current = element
            default:
                return nil
            }
        }
        return current
    }

    /// The index of an array's element, or nil.
    package func element(_ position: Int, of index: Int) -> Int? {
        guard self[index].kind == .array else { return nil }
        let end = self.next(after: index)
        var child = index + 1
        var current = 0
        while child < end {
            if current == position { return child }
            current += 1
            child = self.next(after: child)
        }
        return nil
    }
}
