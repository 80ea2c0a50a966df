import GatewayDocuments

/// Where a vendor keeps the members of the canonical product, as far as its dialect knows: by which `vendorFields`
/// could set what a caller may not. Immutable.
///
/// Names are compared without case, `_` and `-`, because vendors are less strict about them than they say, and a name
/// with brackets, dots or slashes in it counts as the way that it may be read as: `price[amount]` in a form.
package struct VendorPlaces: Sendable {
    struct Place: Sendable {
        /// Index into `CanonicalProduct.fields`.
        let field: Int
        fileprivate let names: [[UInt8]]
    }

    /// The name under which `vendorFields` has what is this vendor's.
    let dialect: [UInt8]
    let places: [Place]

    /// - Parameter places: canonical fields, each with a way to it from the object that `vendorFields` are laid over.
    package init(dialect: String, places: [(field: Int, way: [String])]) {
        self.dialect = Array(dialect.utf8)
        self.places = places.map { Place(field: $0.field, names: Self.names(of: $0.way.map { Array($0.utf8) })) }
    }

    /// A way as it is compared.
    static func names(of way: some Sequence<[UInt8]>) -> [[UInt8]] {
        way.flatMap { name in
            name.split { Self.separators.contains($0) }.map { Suggestion.folded(String(decoding: $0, as: UTF8.self)) }
        }.filter { !$0.isEmpty }
    }

    private static let separators = Array("[]./".utf8)
}

extension VendorPlaces.Place {
    /// Whether whoever sets what is there sets some of the field, or all of it: it is the field's place, lies within it
    /// or holds it.
    func isTouched(by names: [[UInt8]]) -> Bool { zip(self.names, names).allSatisfy { $0 == $1 } }
}
