extension Translator {
    /// Whether an answer to a write tells that what was read before it has changed since: by its status, or by a code
    /// of the vendor's where a status of failure says more than that.
    package func tellsOfChange(_ answer: VendorAnswer, for plan: TargetPlan) -> Bool {
        guard let read = plan.read, plan.update?.special?.taken.isEmpty == false else { return false }
        if read.staleStatuses.contains(answer.status) { return true }
        guard !read.staleCodes.isEmpty, (400...499).contains(answer.status), answer.isComplete else { return false }
        return answer.body.withUnsafeBufferPointer { body in
            guard let view = try? self.tape.parse(body, limits: self.limits) else { return false }
            var reader = ErrorReader(view: view, of: answer.body, plan: plan.errors, items: self.items)
            reader.read()
            let codes = [reader.code, reader.whole.code] + (0..<reader.itemCount).map { reader.items[$0].code }
            return codes.contains { code in
                code.isGiven
                    && code.withBytes(of: reader.words) { code in
                        read.staleCodes.contains { $0.elementsEqual(code) }
                    }
            }
        }
    }
}
