extension TargetPlan {
    /// A request that shows whether the vendor is back and changes nothing: a read, where the dialect has one.
    ///
    /// - Parameters:
    ///   - operation: what is to be asked next.
    ///   - id: of the product that it is about; any will do, because a product that is not there is an answer too.
    /// - Returns: nil where the operation itself may show it: an update, which comes to the same twice.
    package func probe(before operation: ProductOperation, id: [UInt8]?) -> VendorRequest? {
        if let read = self.read { return self.readRequest(read, id: id ?? Array("0".utf8), before: .update) }
        // A create must not be what shows it. OPTIONS is safe (RFC 9110 §9.3.7), and any answer will do.
        guard operation == .create, let create = self.create else { return nil }
        return VendorRequest(method: "OPTIONS", path: create.path.path(id: nil), headers: [], body: [])
    }
}
