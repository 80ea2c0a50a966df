import GatewayJSON

/// Which members of an update a caller may set.
///
/// What is held against it is every value of the body that is no object with members: its way through the body is its
/// pointer. A list counts as one value, because it replaces the one before whole. A value is permitted where one of the
/// selections permits it:
///
/// - `only`: where one of the pointers is the value's, or leads to it.
/// - `except`: where none of the pointers is the value's, leads to it, or lies within it: whoever clears or replaces
///   what holds a member changes the member as well. Never within `vendorFields`, because what stands there may be any
///   member in the vendor's own words.
///
/// What a rule permits within the `vendorFields` of the target's own dialect is refused all the same where the vendor
/// keeps a canonical member there of which the caller may not set everything: it may not do in the vendor's words what
/// it may not do in ours.
///
/// `ids` only says which product is meant and is always permitted. Immutable.
package struct FieldAccess: Sendable {
    /// Pointers by their tokens; the token `*` stands for any one.
    package enum Selection: Sendable {
        case only([[String]])
        case except([[String]])
    }

    private enum Compiled: Sendable {
        case only([Pattern])
        case except([Pattern])

        var patterns: [Pattern] {
            switch self {
            case .only(let patterns), .except(let patterns): patterns
            }
        }

        /// Whether all of a member of the product may be set.
        ///
        /// - Parameter name: nil for one that no pattern names.
        func permitsWhole(_ name: [UInt8]?) -> Bool {
            switch self {
            case .only(let patterns): patterns.contains { $0.count == 1 && ($0[0] == nil || $0[0] == name) }
            case .except(let patterns): !patterns.contains { $0.isEmpty || $0[0] == nil || $0[0] == name }
            }
        }
    }

    /// The tokens of one pointer; nil for any.
    private typealias Pattern = [[UInt8]?]

    private let selections: [Compiled]
    /// A member of the product that is decided by itself: its name as a range of `nameBytes`, and whether all of it may
    /// be set.
    private struct Named: Sendable {
        let start: Int
        let count: Int
        let isWhole: Bool
    }

    /// Those that the selections begin with, and `vendorFields`: what may be set in the vendor's words is not decided
    /// by the name alone.
    private let named: [Named]
    private let nameBytes: [UInt8]
    /// Whether all of any other member may be set.
    private let othersAreWhole: Bool

    private static let vendorFields = Array("vendorFields".utf8)
    private static let ids = Array("ids".utf8)

    package init(_ selections: [Selection]) {
        func patterns(_ pointers: [[String]]) -> [Pattern] {
            pointers.map { $0.map { $0 == "*" ? nil : Array($0.utf8) } }
        }
        let compiled: [Compiled] = selections.map {
            switch $0 {
            case .only(let pointers): .only(patterns(pointers))
            case .except(let pointers): .except(patterns(pointers))
            }
        }
        let names = Set(compiled.flatMap(\.patterns).compactMap { $0.first ?? nil } + [Self.vendorFields])
        var named: [Named] = []
        var nameBytes: [UInt8] = []
        for name in names {
            let isWhole = name != Self.vendorFields && compiled.contains { $0.permitsWhole(name) }
            named.append(Named(start: nameBytes.count, count: name.count, isWhole: isWhole))
            nameBytes += name
        }
        self.selections = compiled
        self.named = named
        self.nameBytes = nameBytes
        self.othersAreWhole = compiled.contains { $0.permitsWhole(nil) }
    }

    /// Refuses an update that sets anything that is not permitted, with all of it, as far as a problem lists errors;
    /// any update where nothing is permitted.
    ///
    /// - Parameters:
    ///   - view: a body, whose root is an object.
    ///   - places: where the target's vendor keeps canonical members.
    func check(_ view: JSONView, target: String, places: VendorPlaces) throws(Problem) {
        guard !self.selections.isEmpty else {
            throw Problem(
                .forbidden, detail: "This caller may not do that at \(target); nothing was sent.", target: target)
        }
        var walk = Walk(view: view, places: places)
        self.walk(0, &walk)
        let errors = walk.errors
        guard !errors.isEmpty else { return }
        let places =
            walk.isFull
            ? "\(errors.count) members and more" : errors.count == 1 ? "one member" : "\(errors.count) members"
        throw Problem(
            .forbidden, detail: "This caller may not set \(places) of this body at \(target); nothing was sent.",
            target: target, errors: errors)
    }

    /// A way through a body, and what was found on it.
    private struct Walk {
        let view: JSONView
        let places: VendorPlaces
        /// Of those, the ones of fields of which not everything is permitted; looked for where there are vendorFields.
        var barred: [VendorPlaces.Place]?
        /// The names that lead to where it is, decoded, and their entries.
        private(set) var path: [[UInt8]] = []
        private var names: [Int] = []
        /// Within the vendor's own members: the way as places are compared. Each name is made ready once, however many
        /// members are below it.
        private(set) var vendorWay: [[UInt8]] = []
        private(set) var errors: [FieldError] = []
        private var pointerBytes = 0
        /// No more is listed, and there is more.
        private(set) var isFull = false

        init(view: JSONView, places: VendorPlaces) {
            self.view = view
            self.places = places
        }

        /// Goes on to what a name leads to; what is given back is for `leave`.
        mutating func enter(_ name: Int) -> Int {
            self.path.append(self.view.decoded(self.view[name]))
            self.names.append(name)
            guard self.path.count > 2, self.isInVendorFields else { return 0 }
            let names = VendorPlaces.names(of: self.path[(self.path.count - 1)...])
            self.vendorWay += names
            return names.count
        }

        mutating func leave(_ count: Int) {
            self.path.removeLast()
            self.names.removeLast()
            self.vendorWay.removeLast(count)
        }

        /// Whether it is within `vendorFields` of the target's dialect.
        var isInVendorFields: Bool {
            self.path.count > 2 && self.path[0] == FieldAccess.vendorFields && self.path[1] == self.places.dialect
        }

        /// - Parameter owner: the canonical member that the vendor keeps there, where that is why.
        mutating func refuse(_ owner: Int? = nil) {
            guard self.errors.count < FieldError.listedMax, self.pointerBytes < FieldError.pointerBytesMax else {
                self.isFull = true
                return
            }
            var pointer = ""
            for name in self.names {
                guard pointer.utf8.count < JSONPointer.bytesMax else {
                    pointer += "/…"
                    break
                }
                pointer += "/" + self.view.abridgedToken(self.view[name])
            }
            self.pointerBytes += pointer.utf8.count
            let detail =
                owner.map {
                    "it is where the vendor keeps \(CanonicalProduct.fields[$0].pointer), which this caller may not set"
                } ?? "this caller may not set it"
            self.errors.append(FieldError(pointer: pointer, code: .notPermitted, detail: detail))
        }
    }

    /// As deep as a body may be: the parser has bounded it.
    private func walk(_ object: Int, _ walk: inout Walk) {
        let view = walk.view
        var index = object + 1
        let end = view.next(after: object)
        let isProduct = walk.path.isEmpty
        while index < end, !walk.isFull {
            let value = index + 1
            if isProduct, self.permitsWhole(view[index], in: view) {
                index = view.next(after: value)
                continue
            }
            let entered = walk.enter(index)
            if view[value].kind == .object, view.next(after: value) > value + 1 {
                self.walk(value, &walk)
            } else if !self.permits(walk.path) {
                walk.refuse()
            } else if let owner = self.owner(&walk) {
                walk.refuse(owner)
            }
            walk.leave(entered)
            index = view.next(after: value)
        }
    }

    /// Whether all of a member of the product may be set, whatever is in it. Most members of most updates are decided
    /// by that, without going into them and without an allocation.
    private func permitsWhole(_ name: JSONEntry, in view: JSONView) -> Bool {
        self.nameBytes.withUnsafeBufferPointer { bytes in
            for named in self.named {
                let known = UnsafeBufferPointer(rebasing: bytes[named.start..<named.start + named.count])
                if view.decodedContent(name, equals: known) { return named.isWhole }
            }
            return self.othersAreWhole
        }
    }

    /// The canonical member that the vendor keeps where the walk is, of which the caller may not set everything.
    private func owner(_ walk: inout Walk) -> Int? {
        guard walk.isInVendorFields else { return nil }
        let barred =
            walk.barred
            ?? walk.places.places.filter { self.extent(of: CanonicalProduct.fields[$0.field].tokens) != .all }
        walk.barred = barred
        return barred.first { $0.isTouched(by: walk.vendorWay) }?.field
    }

    /// Whether the value at these names may be set.
    func permits(_ path: [[UInt8]]) -> Bool {
        if path.first == Self.ids { return true }
        return self.selections.contains { selection in
            switch selection {
            case .only(let patterns):
                patterns.contains { $0.count <= path.count && Self.agree($0, path) }
            case .except(let patterns):
                path.first != Self.vendorFields && !patterns.contains { Self.agree($0, path) }
            }
        }
    }

    /// Whether a pattern and a way are the same as far as both go.
    private static func agree(_ pattern: Pattern, _ path: [[UInt8]]) -> Bool {
        zip(pattern, path).allSatisfy { $0 == nil || $0 == $1 }
    }

    /// How much of a member may be set, for a caller who asks.
    package enum Extent: String, Sendable { case all, part, none }

    package func extent(of tokens: [String]) -> Extent {
        let path = tokens.map { Array($0.utf8) }
        var extent = Extent.none
        for selection in self.selections {
            switch selection {
            case .only(let patterns):
                for pattern in patterns where Self.agree(pattern, path) {
                    if pattern.count <= path.count { return .all }
                    extent = .part
                }
            case .except(let patterns):
                let agreeing = patterns.filter { Self.agree($0, path) }
                if agreeing.isEmpty { return .all }
                if agreeing.allSatisfy({ $0.count > path.count }) { extent = .part }
            }
        }
        return extent
    }
}

extension FieldAccess {
    /// The tokens of a pointer into the product (RFC 6901).
    package static func tokens(of pointer: String) -> [String] { JSONPointer.tokens(pointer) ?? [] }

    /// The canonical members, and those beside them.
    package static var knownPointers: [String] {
        (CanonicalProduct.fields + [CanonicalProduct.vendorFields]).map(\.pointer)
    }

    /// Whether a pointer leads to, or through, a member of the canonical product.
    package static func isAboutProduct(_ pointer: String) -> Bool {
        let tokens = Self.tokens(of: pointer)
        return (CanonicalProduct.fields + [CanonicalProduct.vendorFields]).contains { field in
            zip(field.tokens, tokens).allSatisfy { $0 == $1 || $1 == "*" }
        }
    }
}
