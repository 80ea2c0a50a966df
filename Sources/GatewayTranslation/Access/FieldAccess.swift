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
    }

    /// The tokens of one pointer; nil for any.
    private typealias Pattern = [[UInt8]?]

    private let selections: [Compiled]

    private static let vendorFields = Array("vendorFields".utf8)
    private static let ids = Array("ids".utf8)

    package init(_ selections: [Selection]) {
        func patterns(_ pointers: [[String]]) -> [Pattern] {
            pointers.map { $0.map { $0 == "*" ? nil : Array($0.utf8) } }
        }
        self.selections = selections.map {
            switch $0 {
            case .only(let pointers): .only(patterns(pointers))
            case .except(let pointers): .except(patterns(pointers))
            }
        }
    }

    /// Refuses an update that sets anything that is not permitted, with all of it; any update where nothing is.
    ///
    /// - Parameter view: a body, whose root is an object.
    func check(_ view: JSONView, target: String) throws(Problem) {
        guard !self.selections.isEmpty else {
            throw Problem(
                .forbidden, detail: "This caller may not do that at \(target); nothing was sent.", target: target)
        }
        var errors: [FieldError] = []
        var path: [[UInt8]] = []
        self.walk(view, 0, &path, &errors)
        guard !errors.isEmpty else { return }
        let places = errors.count == 1 ? "one member" : "\(errors.count) members"
        throw Problem(
            .forbidden, detail: "This caller may not set \(places) of this body at \(target); nothing was sent.",
            target: target, errors: errors)
    }

    /// As deep as a body may be: the parser has bounded it.
    private func walk(_ view: JSONView, _ object: Int, _ path: inout [[UInt8]], _ errors: inout [FieldError]) {
        var index = object + 1
        let end = view.next(after: object)
        while index < end, errors.count < FieldError.listedMax {
            let value = index + 1
            path.append(view.decoded(view[index]))
            if view[value].kind == .object, view.next(after: value) > value + 1 {
                self.walk(view, value, &path, &errors)
            } else if !self.permits(path) {
                errors.append(
                    FieldError(
                        pointer: Self.pointer(path), code: .notPermitted, detail: "this caller may not set it"))
            }
            path.removeLast()
            index = view.next(after: value)
        }
    }

    private static func pointer(_ path: [[UInt8]]) -> String {
        path.map { "/" + JSONPointer.escape(String(decoding: $0, as: UTF8.self)) }.joined()
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
