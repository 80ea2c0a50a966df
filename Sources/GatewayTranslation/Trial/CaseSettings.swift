import GatewayDocuments
import GatewayJSON

/// The settings of a golden case, checked: what is misspelt would else be taken for its default, and the case hold for
/// another reason than it says.
struct CaseSettings {
    let values: [String: String]

    /// In the order of `dialects/README.md`.
    private static let names = [
        "target", "operation", "id", "handling", "parameters", "enabled", "clearable", "semantics", "read",
        "read-status", "etag", "status", "sent", "answer", "step", "retry-after", "request-id", "cut",
        "batch",
    ]

    init(parsing lines: ArraySlice<String>) throws(DialectCase.ReadingError) {
        var values: [String: String] = [:]
        for line in lines where !line.hasPrefix("#") && !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else {
                throw DialectCase.ReadingError(message: "expected \"name: value\", found \"\(line.prefix(60))\"")
            }
            let name = String(line[..<colon])
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            let trimmed = String(value.reversed().drop { $0 == " " }.reversed())
            guard values.updateValue(trimmed, forKey: name) == nil else {
                throw DialectCase.ReadingError(message: "the setting \"\(name)\" is there twice")
            }
        }
        for name in values.keys.sorted() where !Self.names.contains(name) && !name.hasPrefix("header ") {
            throw DialectCase.ReadingError(
                message: "there is no setting \"\(name)\": there are \(Self.names.joined(separator: ", ")), "
                    + "header NAME")
        }
        self.values = values
        try self.checkWords()
        try self.checkNumbers()
        try self.checkForms()
    }

    private func checkWords() throws(DialectCase.ReadingError) {
        try self.require("operation", oneOf: ProductOperation.allCases.map(\.rawValue))
        try self.require("handling", oneOf: Handling.allCases.map(\.rawValue))
        try self.require("semantics", oneOf: UpdateSemantics.allCases.map(\.rawValue))
        try self.require("cut", oneOf: ["yes"])
        try self.require("batch", oneOf: ["yes"])
    }

    private func checkNumbers() throws(DialectCase.ReadingError) {
        // Also those that no vendor should send.
        try self.require("status", from: 0, to: 999)
        try self.require("read-status", from: 100, to: 599)
        try self.require("step", from: 0, to: 99)
    }

    private func checkForms() throws(DialectCase.ReadingError) {
        for pair in (self.values["parameters"] ?? "none").split(separator: " ")
        where pair != "none" && (pair.first == "=" || !pair.contains("=")) {
            throw DialectCase.ReadingError(
                message: "\"parameters\" is \"\(pair)\": expected NAME=VALUE, several with spaces between them, or none"
            )
        }
        for name in ["enabled", "clearable"] {
            for pointer in (self.values[name] ?? "").split(separator: " ")
            where CanonicalProduct.index(of: String(pointer)) == nil {
                throw DialectCase.ReadingError(message: "\"\(name)\" is \"\(pointer)\", which is no canonical pointer")
            }
        }
        for name in ["sent", "step", "cut"] where self.values[name] != nil && self.values["status"] == nil {
            throw DialectCase.ReadingError(
                message: "\"\(name)\" says something of an answer: it needs \"status\", the answer's")
        }
        if let sent = self.values["sent"], (try? JSONDocument(parsing: sent)) == nil {
            throw DialectCase.ReadingError(message: "\"sent\" is no JSON: expected the canonical body of the request")
        }
    }

    private func require(_ name: String, oneOf allowed: [String]) throws(DialectCase.ReadingError) {
        guard let value = self.values[name], !allowed.contains(value) else { return }
        throw DialectCase.ReadingError(
            message: "\"\(name)\" is \"\(value)\": expected \(allowed.joined(separator: ", "))")
    }

    private func require(_ name: String, from first: Int, to last: Int) throws(DialectCase.ReadingError) {
        guard let value = self.values[name] else { return }
        guard let number = Int(value), number >= first, number <= last else {
            throw DialectCase.ReadingError(
                message: "\"\(name)\" is \"\(value)\": expected a whole number from \(first) to \(last)")
        }
    }
}
