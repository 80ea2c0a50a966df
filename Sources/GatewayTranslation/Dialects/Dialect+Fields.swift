import GatewayDocuments
import GatewayJSON

extension Dialect {
    static func fields(
        _ place: Place, operations: [ProductOperation], parameters: [Parameter]
    ) -> [Field] {
        var fields: [Field] = []
        var places: [Place] = []
        for (pointer, value) in place.entries {
            guard let canonical = CanonicalProduct.index(of: pointer) else {
                let known = CanonicalProduct.fields.map(\.pointer)
                let hint = Suggestion.closest(to: pointer, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
                value.refuse("\"\(pointer)\" is not a canonical pointer\(hint)")
                continue
            }
            let field = value.readObject { self.field($0, canonical, operations, parameters) }
            guard let field else { continue }
            fields.append(field)
            places.append(value)
        }
        self.checkPlaces(fields, places)
        return fields
    }

    private static func field(
        _ members: ObjectReader, _ canonical: Int, _ operations: [ProductOperation], _ parameters: [Parameter]
    ) -> Field? {
        let shape = CanonicalProduct.fields[canonical].shape
        let vendorPlace = members.required("vendor", expected: "a JSON Pointer to the vendor's field")
        let vendor = vendorPlace?.pointer()
        if let vendor, vendor.isEmpty { vendorPlace?.refuse("the whole object cannot be one of its fields") }
        let writable =
            members.optional("operations").map { self.operationList($0, among: operations) } ?? operations
        let required = members.optional("required").map { self.operationList($0, among: writable) } ?? []
        let isAnswered = members.optional("answer")?.bool() ?? true
        if writable.isEmpty, !isAnswered {
            members.place.refuse("unreachable: the field is neither sent nor answered")
        }
        let values = members.optional("values").map { self.values($0, shape) } ?? []
        if shape.choices != nil, !members.isPresent("values"), members.node != nil {
            members.place.refuse("\"values\" is missing: this field is one of a closed list of words")
        }
        self.checkMapMembers(members, shape)
        let field = Field(
            canonical: canonical, vendor: vendor ?? [], operations: writable, isAnswered: isAnswered,
            offReason: members.optional("off")?.text(), requiredOperations: required,
            defaultParameter: members.optional("default").flatMap { self.defaultParameter($0, parameters) },
            values: values, clear: members.optional("clear")?.node.map(self.compact),
            clearsMembers: members.optional("clearMembers")?.bool() ?? false,
            mapSemantics: members.optional("map")?.choice(MapSemantics.self),
            overlay: Shape.overlay(members, over: shape), aliases: members.optional("aliases")?.texts() ?? [],
            emptyListIsMap: members.optional("emptyListIsMap")?.bool() ?? false,
            omitsEmpty: members.optional("omitEmpty")?.bool() ?? false,
            entryNames: members.optional("entryNames").map { self.entryNames($0, shape) } ?? [],
            note: members.optional("note")?.text())
        return vendor?.isEmpty == false ? field : nil
    }

    private static func compact(_ node: JSONNode) -> [UInt8] {
        guard node.kind == .object || node.kind == .array else { return Array(node.rawBytes) }
        return node.kind == .object ? Array("{}".utf8) : Array("[]".utf8)
    }

    private static func operationList(_ place: Place, among known: [ProductOperation]) -> [ProductOperation] {
        place.elements.compactMap { element in
            guard let operation = element.choice(ProductOperation.self) else { return nil }
            guard known.contains(operation) else {
                element.refuse("unreachable: the field is not sent by \"\(operation.rawValue)\" here")
                return nil
            }
            return operation
        }
    }

    private static func values(_ place: Place, _ shape: Shape) -> [ValuePair] {
        guard let choices = shape.choices else {
            place.refuse("only a field with a closed list of words can have \"values\"")
            return []
        }
        var pairs: [ValuePair] = []
        for (canonical, value) in place.entries {
            guard choices.contains(canonical) else {
                value.refuse("\"\(canonical)\" is not one of " + choices.joined(separator: ", "))
                continue
            }
            guard let node = value.node, [.string, .number, .true, .false].contains(node.kind) else {
                value.refuse(expected: "a string, a number or a boolean", .string, .number, .true, .false)
                continue
            }
            let vendor = Array(node.rawBytes)
            if let other = pairs.first(where: { $0.vendor == vendor }) {
                value.refuse("cannot be inverted: \"\(other.canonical)\" has the same vendor value")
                continue
            }
            pairs.append(ValuePair(canonical: canonical, vendor: vendor))
        }
        if pairs.isEmpty, let node = place.node, node.kind == .object, node.members.isEmpty {
            place.refuse("unreachable: no value is mapped")
        }
        return pairs
    }

    private static func defaultParameter(_ place: Place, _ parameters: [Parameter]) -> String? {
        place.readObject { members in
            let parameter = members.required("parameter", expected: "the name of a parameter")
            guard let parameter, let name = parameter.text() else { return nil }
            if !parameters.contains(where: { $0.name == name }) {
                parameter.refuse("\"\(name)\" is not among the parameters")
            }
            return name
        }
    }

    private static func checkMapMembers(_ members: ObjectReader, _ shape: Shape) {
        guard !shape.isMap else { return }
        for name in ["map", "clearMembers", "emptyListIsMap", "omitEmpty", "entryNames"] {
            members.optional(name)?.refuse("only a map (names chosen by the caller) can have \"\(name)\"")
        }
    }

    private static func entryNames(_ place: Place, _ shape: Shape) -> [(canonical: String, vendor: String)] {
        let known = shape.values?.members.map(\.name) ?? []
        var pairs: [(canonical: String, vendor: String)] = []
        for (canonical, value) in place.entries {
            guard known.contains(canonical) else {
                value.refuse("\"\(canonical)\" is not a member of this map's entries")
                continue
            }
            guard let vendor = value.text() else { continue }
            if pairs.contains(where: { $0.vendor == vendor }) { value.refuse("two members write \"\(vendor)\"") }
            pairs.append((canonical, vendor))
        }
        return pairs
    }

    /// Two fields must not write, nor be read from, one place or one inside the other.
    private static func checkPlaces(_ fields: [Field], _ places: [Place]) {
        for later in fields.indices {
            for earlier in 0..<later {
                let one = fields[earlier]
                let other = fields[later]
                let shared = min(one.vendor.count, other.vendor.count)
                guard one.vendor.prefix(shared) == other.vendor.prefix(shared) else { continue }
                let name = CanonicalProduct.fields[one.canonical].pointer
                if let operation = one.operations.first(where: { other.operations.contains($0) }) {
                    places[later].refuse("\(name) already writes this place in \"\(operation.rawValue)\"")
                }
                if one.isAnswered, other.isAnswered {
                    places[later].refuse("\(name) is already read from this place of an answer")
                }
            }
        }
    }
}
