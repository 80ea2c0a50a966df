extension ElasticPathStandIn {
    /// `filter=eq(sku,…)` (page "Filtering", operator `eq`), of the attributes that must be unique; another filter is
    /// one that cannot be parsed.
    func search(_ call: VendorCall) -> VendorAnswer? {
        guard let filter = call.target.query("filter") else { return nil }
        guard filter.hasPrefix("eq("), filter.hasSuffix(")"), let comma = filter.firstIndex(of: ",") else {
            return self.plainError(400, "Could not parse the supplied filter")
        }
        let attribute = String(filter[filter.index(filter.startIndex, offsetBy: 3)..<comma])
        guard Self.uniqueAttributes.contains(attribute) else {
            return self.plainError(400, "Could not parse the supplied filter")
        }
        let value = String(filter[filter.index(after: comma)...].dropLast())
        let found = self.owners[UniqueValue(attribute: attribute, value: value)].flatMap { self.products[$0] }
        let documents = found.map { [Self.document($0, id: $0.id)["data"] ?? .null] } ?? []
        return VendorAnswer(
            status: 200,
            json: ["data": .array(documents), "meta": ["results": ["total": .number("\(documents.count)")]]])
    }
}
