/// Names in a map that are other fields' places.
enum ReservedNames {
    /// Each name, and the canonical pointer of the field whose place it is.
    static func names(
        in field: Dialect.Field, of dialect: Dialect, _ options: ResolvedOptions
    ) -> [(name: String, owner: String)] {
        var names: [(name: String, owner: String)] = []
        for other in dialect.fields where other.canonical != field.canonical {
            let owner = CanonicalProduct.fields[other.canonical].pointer
            for form in self.elements(of: field, options) {
                for element in self.elements(of: other, options) where element.list == form.list {
                    names += (form.form.names(likening: element.form, options.text) ?? []).map { ($0, owner) }
                }
            }
            for map in self.maps(of: field, options) {
                for place in self.places(of: other, options) where place.count > map.count && place.starts(with: map) {
                    names.append((place[map.count], owner))
                }
            }
        }
        return names
    }

    private static func elements(
        of field: Dialect.Field, _ options: ResolvedOptions
    ) -> [(list: [String], form: ValueTemplate)] {
        var elements: [(list: [String], form: ValueTemplate)] = []
        if field.isInList, let form = field.entry ?? field.entries {
            elements.append((field.vendor.map { options.token($0) }, form))
        }
        for place in field.localized {
            guard let element = place.element else { continue }
            elements.append((place.container.map { options.token($0) }, element))
        }
        return elements
    }

    /// Objects whose members' names callers choose.
    private static func maps(of field: Dialect.Field, _ options: ResolvedOptions) -> [[String]] {
        var maps = field.localized.filter { $0.element == nil }.map { $0.container.map { options.token($0) } }
        let isMap = CanonicalProduct.fields[field.canonical].shape.isMap
        if isMap, field.entries == nil, !field.vendor.isEmpty { maps.append(field.vendor.map { options.token($0) }) }
        return maps
    }

    private static func places(of field: Dialect.Field, _ options: ResolvedOptions) -> [[String]] {
        field.writtenPlaces.map { $0.map { options.token($0) } }
    }
}
