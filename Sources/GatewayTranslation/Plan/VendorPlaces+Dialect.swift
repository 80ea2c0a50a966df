extension VendorPlaces {
    /// All places that a dialect knows of: where fields are written, where they are answered, and what else the vendor
    /// calls them. A field that is only answered, or switched off, is the vendor's member all the same.
    init(_ dialect: Dialect, _ options: ResolvedOptions) {
        var places: [(field: Int, way: [String])] = []
        for field in dialect.fields {
            let ways = field.writtenPlaces + [field.answerPlace].compactMap(\.self) + field.aliases.map { [$0] }
            for way in ways where !way.isEmpty {
                places.append((field.canonical, way.map { options.token($0) }))
            }
        }
        self.init(dialect: dialect.name, places: places)
    }
}
