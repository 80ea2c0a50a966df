/// One write to a catalogue product: the stored document, changed member by member, with everything that is wrong.
///
/// The page's own request example is full of placeholders: `""` for enums, booleans and dates, `[[]]` for references,
/// `"1"` for true. They are taken as "not said" and leave what is stored, so that the example gives the answer the page
/// shows; anything else of a wrong type is a violation.
struct CatalogueDraft {
    /// What happens to members that are not sent.
    enum AbsentMembers { case clear, keep }

    struct Violation {
        let path: String
        let message: String
    }

    var document: SandboxObject
    private(set) var violations: [Violation] = []
    private(set) var notes: [String] = []
    private let pathID: String?
    private let absentMembers: AbsentMembers

    init(_ document: SandboxObject, pathID: String?, absentMembers: AbsentMembers) {
        self.document = document
        self.pathID = pathID
        self.absentMembers = absentMembers
    }

    mutating func apply(_ body: SandboxObject) {
        self.applyName(body["name"])
        for name in ["description", "internalName", "number"] { self.applyText(name, body[name]) }
        for name in ["translations", "customFields"] { self.applyMap(name, body[name]) }
        self.applyChoice("type", body["type"], standard: "product")
        self.applyChoice("invoiceVisibility", body["invoiceVisibility"], standard: "always")
        self.applyFlag("isArchived", body["isArchived"])
        self.applyReference("measurement", body["measurement"], CatalogueStandIn.measurements)
        self.applyReference("taxGroup", body["taxGroup"], CatalogueStandIn.taxGroups)
        // The page's request leaves the cost centre out and its answer has it: it is not cleared by silence.
        if body["costCentre"] != nil {
            self.applyReference("costCentre", body["costCentre"], CatalogueStandIn.costCentres)
        }
        self.applyFamilies(body["productFamilies"])
        self.noteIgnored(body)
    }

    private var clears: Bool { self.absentMembers == .clear }

    private mutating func violate(_ path: String, _ message: String) {
        self.violations.append(Violation(path: path, message: message))
    }

    private mutating func applyName(_ value: SandboxJSON?) {
        switch value {
        case .string(let name)? where !name.isEmpty: self.document["name"] = .string(name)
        case nil where !self.clears: break
        case nil, .string?, .null?: self.violate("name", "This value should not be blank.")
        case _?: self.violate("name", "This value should be of type string.")
        }
    }

    private mutating func applyText(_ name: String, _ value: SandboxJSON?) {
        switch value {
        case .string?, .null?: self.document[name] = value
        case nil: if self.clears { self.document[name] = .null }
        case _?: self.violate(name, "This value should be of type string.")
        }
    }

    private mutating func applyMap(_ name: String, _ value: SandboxJSON?) {
        switch value {
        case .object(let entries)?:
            if name == "translations" {
                for entry in entries.members where entry.value.object == nil {
                    self.violate("\(name)[\(entry.name)]", "This value should be of type array.")
                }
            } else {
                for entry in entries.members where entry.value.string == nil {
                    self.notes.append("\(name).\(entry.name) is no string; the page shows strings only")
                }
            }
            self.document[name] = value
        case .array(let elements)? where elements.isEmpty: self.document[name] = [:]
        case .null?: self.document[name] = [:]
        case nil: if self.clears { self.document[name] = [:] }
        case _?: self.violate(name, "This value should be of type array.")
        }
    }

    private mutating func applyChoice(_ name: String, _ value: SandboxJSON?, standard: SandboxJSON) {
        switch value {
        case .string("")?: self.notes.append("placeholder kept what is stored: \(name)")
        case .string?: self.document[name] = value
        case nil: if self.clears { self.document[name] = standard }
        case _?: self.violate(name, "The value you selected is not a valid choice.")
        }
    }

    private mutating func applyFlag(_ name: String, _ value: SandboxJSON?) {
        switch value {
        case .bool?: self.document[name] = value
        case .string("")?: self.notes.append("placeholder kept what is stored: \(name)")
        case nil: if self.clears { self.document[name] = false }
        case _?: self.violate(name, "This value should be of type bool.")
        }
    }

    /// A reference is an object with the `id` of something that exists; its other members are echoes.
    private mutating func applyReference(
        _ name: String, _ value: SandboxJSON?, _ known: [String: SandboxJSON]
    ) {
        switch value {
        case .object(let reference)?:
            guard let id = reference["id"]?.string, !id.isEmpty else {
                self.violate("\(name).id", "This value should not be blank.")
                return
            }
            guard let found = known[id] else {
                self.violate("\(name).id", "The entity \"\(id)\" was not found.")
                return
            }
            for member in reference.members where member.name != "id" && found[member.name] != member.value {
                self.notes.append("ignored member \(name).\(member.name)")
            }
            self.document[name] = found
        case .null?: self.document[name] = .null
        case nil: if self.clears { self.document[name] = .null }
        case _?: self.violate(name, "This value should be of type object.")
        }
    }

    private mutating func applyFamilies(_ value: SandboxJSON?) {
        switch value {
        case .array(let references)?:
            if references == [.array([])] {
                self.notes.append("placeholder kept what is stored: productFamilies")
                return
            }
            var families: [SandboxJSON] = []
            for (index, reference) in references.enumerated() {
                let path = "productFamilies[\(index)].id"
                guard let id = reference["id"]?.string else {
                    self.violate(path, "This value should not be blank.")
                    continue
                }
                guard let family = CatalogueStandIn.families[id] else {
                    self.violate(path, "The entity \"\(id)\" was not found.")
                    continue
                }
                families.append(family)
            }
            self.document["productFamilies"] = .array(families)
        case nil: if self.clears { self.document["productFamilies"] = .array([]) }
        case _?: self.violate("productFamilies", "This value should be of type array.")
        }
    }

    private mutating func noteIgnored(_ body: SandboxObject) {
        for member in body.members {
            switch member.name {
            case "id":
                if let pathID, member.value.string != pathID { self.notes.append("ignored another id in the body") }
            case "createdAt", "updatedAt": self.notes.append("ignored member \(member.name)")
            default:
                if self.document[member.name] == nil { self.notes.append("ignored member \(member.name)") }
            }
        }
    }
}
