import GatewayJSON

extension Dialect {
    static func fields(
        _ place: DialectReader.Place?, operations: [ProductOperation], parameters: [Parameter],
        _ reader: inout DialectReader
    ) -> [Field] {
        var fields: [Field] = []
        var places: [DialectReader.Place] = []
        for (pointer, value) in reader.entries(place) {
            guard let canonical = CanonicalProduct.index(of: pointer) else {
                let known = CanonicalProduct.fields.map(\.pointer)
                let hint = Suggestion.closest(to: pointer, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
                reader.mistake(value, "\"\(pointer)\" is not a canonical pointer\(hint)")
                continue
            }
            guard let field = self.field(value, canonical, operations, parameters, &reader) else { continue }
            fields.append(field)
            places.append(value)
        }
        self.checkPlaces(fields, places, &reader)
        return fields
    }

    private static func field(
        _ place: DialectReader.Place, _ canonical: Int, _ operations: [ProductOperation],
        _ parameters: [Parameter], _ reader: inout DialectReader
    ) -> Field? {
        let members = reader.object(
            place,
            knowing: [
                "vendor", "operations", "answer", "off", "required", "default", "values", "clear", "clearMembers",
                "map",
                "aliases", "emptyListIsMap", "omitEmpty", "entryNames", "note",
            ] + self.constraintNames)
        guard let vendor = reader.pointer(members["vendor"]), !vendor.isEmpty else {
            reader.mistake(place, "the member \"vendor\", a pointer to the vendor's field, is missing or empty")
            return nil
        }
        let shape = CanonicalProduct.fields[canonical].shape
        let writable = self.operationList(members["operations"], operations, &reader) ?? operations
        let required = self.operationList(members["required"], writable, &reader) ?? []
        let isAnswered = reader.bool(members["answer"]) ?? true
        if writable.isEmpty, !isAnswered {
            reader.mistake(place, "unreachable: the field is neither sent nor answered")
        }
        let values = self.values(members["values"], shape, &reader)
        if shape.choices != nil, members["values"] == nil {
            reader.mistake(place, "\"values\" is missing: this field is one of a closed list of words")
        }
        self.checkMapMembers(members, shape, &reader)
        return Field(
            canonical: canonical, vendor: vendor, operations: writable, isAnswered: isAnswered,
            offReason: reader.string(members["off"]), requiredOperations: required,
            defaultParameter: self.defaultParameter(members["default"], parameters, &reader), values: values,
            clear: members["clear"].map { Self.compact($0.node) },
            clearsMembers: reader.bool(members["clearMembers"]) ?? false,
            mapSemantics: reader.choice(members["map"], MapSemantics.self),
            overlay: self.overlay(members, place, over: shape, &reader),
            aliases: reader.strings(members["aliases"]),
            emptyListIsMap: reader.bool(members["emptyListIsMap"]) ?? false,
            omitsEmpty: reader.bool(members["omitEmpty"]) ?? false,
            entryNames: self.entryNames(members["entryNames"], shape, &reader), note: reader.string(members["note"]))
    }

    private static func compact(_ node: JSONNode) -> [UInt8] {
        guard node.kind == .object || node.kind == .array else { return Array(node.rawBytes) }
        return node.kind == .object ? Array("{}".utf8) : Array("[]".utf8)
    }

    private static func operationList(
        _ place: DialectReader.Place?, _ known: [ProductOperation], _ reader: inout DialectReader
    ) -> [ProductOperation]? {
        guard let place else { return nil }
        return reader.elements(place).compactMap { element in
            guard let operation = reader.choice(element, ProductOperation.self) else { return nil }
            guard known.contains(operation) else {
                reader.mistake(element, "unreachable: the field is not sent by \"\(operation.rawValue)\" here")
                return nil
            }
            return operation
        }
    }

    private static func values(
        _ place: DialectReader.Place?, _ shape: Shape, _ reader: inout DialectReader
    ) -> [ValuePair] {
        guard let place else { return [] }
        guard let choices = shape.choices else {
            reader.mistake(place, "only a field with a closed list of words can have \"values\"")
            return []
        }
        var pairs: [ValuePair] = []
        for (canonical, value) in reader.entries(place) {
            guard choices.contains(canonical) else {
                reader.mistake(value, "\"\(canonical)\" is not one of " + choices.joined(separator: ", "))
                continue
            }
            guard value.node.kind != .object, value.node.kind != .array, value.node.kind != .null else {
                reader.expected("a string, a number or a boolean", at: value)
                continue
            }
            let vendor = Array(value.node.rawBytes)
            if let other = pairs.first(where: { $0.vendor == vendor }) {
                reader.mistake(
                    value, "cannot be inverted: \"\(other.canonical)\" has the same vendor value")
                continue
            }
            pairs.append(ValuePair(canonical: canonical, vendor: vendor))
        }
        if pairs.isEmpty, place.node.kind == .object, place.node.members.isEmpty {
            reader.mistake(place, "unreachable: no value is mapped")
        }
        return pairs
    }

    private static func defaultParameter(
        _ place: DialectReader.Place?, _ parameters: [Parameter], _ reader: inout DialectReader
    ) -> String? {
        guard let place else { return nil }
        let members = reader.object(place, knowing: ["parameter"])
        guard let parameter = members["parameter"], let name = reader.string(parameter) else {
            reader.expected("{\"parameter\": NAME}", at: place)
            return nil
        }
        if !parameters.contains(where: { $0.name == name }) {
            reader.mistake(parameter, "\"\(name)\" is not among the parameters")
        }
        return name
    }

    private static func checkMapMembers(
        _ members: [String: DialectReader.Place], _ shape: Shape, _ reader: inout DialectReader
    ) {
        guard !shape.isMap else { return }
        for name in ["map", "clearMembers", "emptyListIsMap", "omitEmpty", "entryNames"] {
            guard let place = members[name] else { continue }
            reader.mistake(place, "only a map (names chosen by the caller) can have \"\(name)\"")
        }
    }

    private static func entryNames(
        _ place: DialectReader.Place?, _ shape: Shape, _ reader: inout DialectReader
    ) -> [(canonical: String, vendor: String)] {
        let known = shape.values?.members.map(\.name) ?? []
        var pairs: [(canonical: String, vendor: String)] = []
        for (canonical, value) in reader.entries(place) {
            guard known.contains(canonical) else {
                reader.mistake(value, "\"\(canonical)\" is not a member of this map's entries")
                continue
            }
            guard let vendor = reader.string(value) else { continue }
            if pairs.contains(where: { $0.vendor == vendor }) {
                reader.mistake(value, "two members write \"\(vendor)\"")
            }
            pairs.append((canonical, vendor))
        }
        return pairs
    }

    /// Two fields must not write, nor be read from, one place or one inside the other.
    private static func checkPlaces(
        _ fields: [Field], _ places: [DialectReader.Place], _ reader: inout DialectReader
    ) {
        for later in fields.indices {
            for earlier in 0..<later {
                let one = fields[earlier]
                let other = fields[later]
                let shared = min(one.vendor.count, other.vendor.count)
                guard one.vendor.prefix(shared) == other.vendor.prefix(shared) else { continue }
                let name = CanonicalProduct.fields[one.canonical].pointer
                if let operation = one.operations.first(where: { other.operations.contains($0) }) {
                    reader.mistake(
                        places[later], "\(name) already writes this place in \"\(operation.rawValue)\"")
                }
                if one.isAnswered, other.isAnswered {
                    reader.mistake(places[later], "\(name) is already read from this place of an answer")
                }
            }
        }
    }
}
