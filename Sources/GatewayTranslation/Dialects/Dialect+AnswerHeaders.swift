extension Dialect {
    /// Header fields, in lower case, that are heeded of any answer: how long to wait, how many requests are left.
    var heededHeaders: [String] {
        let waits = self.errors.waits.compactMap { wait -> String? in
            if case .header(let name) = wait.place { name } else { nil }
        }
        return waits + (self.limits?.names ?? [])
    }

    /// Whether anything is taken from the header fields of an answer beside those that every answer is read for.
    var readsAnswerHeaders: Bool {
        if !self.heededHeaders.isEmpty { return true }
        return self.operations.contains { operation in
            if case .header = operation.id { return true }
            let taken = operation.taken + operation.following.flatMap(\.taken)
            return !taken.flatMap(\.headers).isEmpty
        }
    }
}
