import GatewayDocuments
import GatewayHTTP

extension Dialect {
    /// In which fields of its answers a vendor says how many more requests it takes.
    package struct Limits: Sendable, Equatable {
        package enum Unit: String, Sendable, CaseIterable {
            case seconds, milliseconds
            /// Seconds since 1970.
            case epoch
        }

        /// How many are left; in lower case, as all names here.
        package let remaining: String?
        /// `used/max`, instead.
        package let used: String?
        /// When all are there again.
        package let reset: String?
        package let unit: Unit
        /// Points in the answer's body, instead.
        package let points: Points?

        /// Pointers (tokens, from the answer's root) to what a vendor that counts points says of them: how many are
        /// left, how many a request takes, and how many come back in a second.
        package struct Points: Sendable, Equatable {
            package let available: [String]
            package let cost: [String]
            package let restoreRate: [String]
        }

        package var names: [String] { [self.remaining, self.used, self.reset].compactMap { $0 } }
    }

    /// Reads the member `limits`.
    static func limits(_ place: Place) -> Limits {
        place.readObject { members in
            members.requireExactlyOne(["remaining", "used", "points"])
            let points = members.optional("points")
            if points != nil { members.optional("reset")?.refuse("\"points\" say when they are there again") }
            let remaining = members.optional("remaining").flatMap(self.fieldName)
            let used = members.optional("used").flatMap(self.fieldName)
            let reset = members.optional("reset").flatMap(self.fieldName)
            let unitPlace = members.optional("unit")
            if unitPlace != nil, !members.isPresent("reset") { unitPlace?.refuse("\"unit\" is that of \"reset\"") }
            return Limits(
                remaining: remaining, used: used, reset: reset, unit: unitPlace?.choice(Limits.Unit.self) ?? .seconds,
                points: points.flatMap(self.points))
        }
    }

    private static func points(_ place: Place) -> Limits.Points? {
        place.readObject { members in
            let expected = "a JSON Pointer into the answer"
            let available = members.required("available", expected: expected)?.pointer()
            let cost = members.required("cost", expected: expected)?.pointer()
            let restoreRate = members.required("restoreRate", expected: expected)?.pointer()
            guard let available, let cost, let restoreRate else { return nil }
            return Limits.Points(available: available, cost: cost, restoreRate: restoreRate)
        }
    }

    private static func fieldName(_ place: Place) -> String? {
        let name = (place.node?.string ?? "").lowercased()
        let isName =
            !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy {
                ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
        guard isName else {
            place.refuse(expected: "the name of a header field", .string)
            return nil
        }
        let isKnown = Array(name.utf8).withUnsafeBufferPointer { FieldName.known($0) != .other }
        if isKnown { place.refuse("\"\(name)\" has a meaning of its own") }
        return name
    }
}
