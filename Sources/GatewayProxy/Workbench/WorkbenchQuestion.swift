import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// What the workbench's page asks: one JSON object, read strictly.
struct WorkbenchQuestion {
    /// Why a question cannot be answered, in a sentence.
    struct Mistake: Error {
        let sentence: String
    }

    private let root: JSONNode

    init(_ bytes: [UInt8], limits: JSONLimits) throws(Mistake) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: bytes, limits: limits)
        } catch {
            throw Mistake(sentence: "the question is not JSON: \(error.description)")
        }
        guard document.root.kind == .object else { throw Mistake(sentence: "the question is not a JSON object") }
        self.root = document.root
    }

    /// A text member; nil where it is absent or null.
    func text(_ name: String) throws(Mistake) -> String? {
        guard let node = self.root[name], !node.isNull else { return nil }
        guard let text = node.string else { throw Mistake(sentence: "\(name) is a string") }
        return text
    }

    func integer(_ name: String) throws(Mistake) -> Int? {
        guard let node = self.root[name], !node.isNull else { return nil }
        guard let number = node.integer else { throw Mistake(sentence: "\(name) is a whole number") }
        return number
    }

    func flag(_ name: String) throws(Mistake) -> Bool {
        guard let node = self.root[name], !node.isNull else { return false }
        guard let flag = node.bool else { throw Mistake(sentence: "\(name) is true or false") }
        return flag
    }

    func texts(_ name: String) throws(Mistake) -> [String]? {
        guard let node = self.root[name], !node.isNull else { return nil }
        let texts = node.elements.compactMap(\.string)
        guard node.kind == .array, texts.count == node.elements.count else {
            throw Mistake(sentence: "\(name) is an array of strings")
        }
        return texts
    }

    /// Header fields: an object of strings. Names in lower case.
    func fields(_ name: String) throws(Mistake) -> [String: String] {
        guard let node = self.root[name], !node.isNull else { return [:] }
        var fields: [String: String] = [:]
        for member in node.members {
            guard let value = member.value.string else { throw Mistake(sentence: "\(name) has strings only") }
            fields[member.name.lowercased()] = value
        }
        return fields
    }

    func operation() throws(Mistake) -> ProductOperation {
        switch try self.text("operation") ?? "update" {
        case "update": .update
        case "create": .create
        default: throw Mistake(sentence: "operation is update or create")
        }
    }

    func handling() throws(Mistake) -> Handling? {
        guard let text = try self.text("handling") else { return nil }
        guard let handling = Handling(rawValue: text) else {
            throw Mistake(sentence: "handling is strict or lenient")
        }
        return handling
    }
}
