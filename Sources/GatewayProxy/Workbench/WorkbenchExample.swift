import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// Something to begin with in the workbench: a canonical document, and what the vendor might answer.
struct WorkbenchExample {
    /// A vendor's answer to paste.
    struct Answer {
        let title: String
        let status: Int
        let body: String
    }

    let title: String
    /// The target that it is for; nil where it is for all.
    let target: String?
    let operation: ProductOperation
    let id: String
    let document: String
    let answers: [Answer]

    /// One for each dialect that a target speaks, and one that shows what several of them make of the same.
    static func all(for plans: [TargetPlan]) -> [WorkbenchExample] {
        var seen: Set<String> = []
        let own = plans.filter { seen.insert($0.dialectName).inserted }.compactMap(self.example)
        let shared = WorkbenchExample(
            title: "The same update at every vendor", target: nil, operation: .update, id: self.sharedID,
            document: """
                {
                  "name": "Espresso machine",
                  "description": "Mahlt und brüht.",
                  "status": "live"
                }
                """,
            answers: [])
        let mistakes = WorkbenchExample(
            title: "An update with mistakes", target: nil, operation: .update, id: self.sharedID,
            document: """
                {
                  "nmae": "Espresso machine",
                  "sku": 4711,
                  "status": "sold"
                }
                """,
            answers: [])
        return [shared] + own + [mistakes]
    }

    /// Of the form that most vendors have.
    private static let sharedID = "60afe403-a191-455e-b771-c510c928a308"

    /// As much of the sample product as the target takes.
    private static func example(of plan: TargetPlan) -> WorkbenchExample? {
        let shipped = self.shipped(for: plan.dialectName)
        let id = shipped?.id ?? self.sharedID
        guard let document = self.document(for: plan, id: id) else { return nil }
        return WorkbenchExample(
            title: "\(plan.dialectTitle): an update", target: plan.targetName, operation: .update, id: id,
            document: String(decoding: JSONPrettyPrinter.print(document), as: UTF8.self),
            answers: shipped?.answers ?? self.echo(of: document, for: plan, id: id))
    }

    /// What the vendor's documents show, from the folder of its dialect: an id of the form that it has, and answers.
    private static func shipped(for dialect: String) -> (id: String, answers: [Answer])? {
        guard let bytes = Dialect.examples(named: dialect), let root = (try? JSONDocument(parsing: bytes))?.root,
            let id = root["id"]?.string
        else { return nil }
        let answers = (root["answers"]?.elements ?? []).compactMap { answer -> Answer? in
            guard let title = answer["title"]?.string, let status = answer["status"]?.integer else { return nil }
            let body = answer["body"].map { JSONPrettyPrinter.print(Array($0.rawBytes)) } ?? []
            return Answer(title: title, status: status, body: String(decoding: body, as: UTF8.self))
        }
        return (id, answers)
    }

    /// The members of the sample that the target takes together. Found by trying: what is refused is left out.
    private static func document(for plan: TargetPlan, id: String) -> [UInt8]? {
        let translator = Translator()
        guard let members = (try? JSONDocument(parsing: self.sample))?.root.members else { return nil }
        var taken: [(name: String, value: JSONNode)] = []
        for member in members {
            let candidate = self.object(of: taken + [member])
            let request = try? translator.translate(
                .update, for: plan, id: Array(id.utf8), body: candidate, handling: .strict)
            if request != nil { taken.append(member) }
        }
        return taken.isEmpty ? nil : self.object(of: taken)
    }

    private static func object(of members: [(name: String, value: JSONNode)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for member in members { writer.member(member.name, raw: Array(member.value.rawBytes)) }
        }
        return writer.bytes
    }

    /// What the vendor was sent, as if it answered with it: for a dialect of which no answer is known here.
    private static func echo(of document: [UInt8], for plan: TargetPlan, id: String) -> [Answer] {
        let request = try? Translator().translate(.update, for: plan, id: Array(id.utf8), body: document)
        guard let request, !request.body.isEmpty else { return [] }
        let body = String(decoding: JSONPrettyPrinter.print(request.body), as: UTF8.self)
        return [Answer(title: "What was sent", status: 200, body: body)]
    }

    /// A product with a value for nearly every canonical member, which each dialect takes as many of as it has.
    static let sample = """
        {
          "name": "Espresso machine",
          "description": "Grinds and brews. Mahlt und brüht.",
          "shortDescription": "Coffee at a button",
          "internalName": "Espresso machine (2026)",
          "sku": "ESP-1",
          "slug": "espresso-machine",
          "gtin": "0012345678905",
          "mpn": "EM-100",
          "externalRef": "ERP-4711",
          "externalIds": { "erp": "4711", "shop": "A-17" },
          "status": "live",
          "kind": "physical",
          "website": "https://shop.example/espresso-machine",
          "tags": ["coffee", "kitchen"],
          "translations": { "de-DE": { "name": "Espressomaschine" } },
          "families": [{ "id": "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a" }],
          "billing": { "taxGroup": { "id": "ad8f1c9c-4f0a-4e1a-8b1a-9c4d9c4d9c4d" }, "invoiceVisibility": "always" },
          "customFields": { "colour": "black" },
          "clientId": "58294",
          "brandId": "52187"
        }
        """

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("title", self.title)
            if let target = self.target { writer.member("target", target) }
            writer.member("operation", self.operation.rawValue)
            writer.member("id", self.id)
            writer.member("document", self.document)
            writer.array("answers") { writer in
                for answer in self.answers {
                    writer.object { writer in
                        writer.member("title", answer.title)
                        writer.member("status", answer.status)
                        writer.member("body", answer.body)
                    }
                }
            }
        }
    }
}
