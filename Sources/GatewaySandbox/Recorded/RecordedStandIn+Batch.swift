/// Requests about several products: each is played as by itself, and the answers are put together as the vendor does.
extension RecordedStandIn {
    mutating func answer(
        _ call: VendorCall, _ route: RecordedVendor.Route, _ batch: RecordedVendor.Batch
    ) -> VendorAnswer {
        let each = self.vendor.routes.first { "\($0.method) /\($0.path.joined(separator: "/"))" == batch.each }
        guard let each, let items = Self.items(call, batch) else {
            return VendorAnswer(status: 400, json: ["message": "the body cannot be read"])
        }
        guard items.count <= batch.max else {
            return VendorAnswer(
                status: 413, json: ["message": .string("\(batch.max) is the maximum allowed, and \(items.count) came")])
        }
        var after = self
        var results: [SandboxJSON] = []
        for (position, item) in items.enumerated() {
            let written = route.idAt.flatMap { item.value(at: $0) }
            let answer = after.answer(VendorCall(call, method: each.method, item: item), each, Self.text(written))
            let isDone = (200...299).contains(answer.status)
            if !isDone, batch.isWhole { return answer }
            results.append(
                Self.result(
                    isDone ? batch.success : batch.failure, answer, from: isDone ? batch.from : "", id: written,
                    line: position + 1))
        }
        self = after
        guard batch.items == nil else {
            let answer = SandboxJSON.object(SandboxObject()).setting(batch.results, to: .array(results))
            return VendorAnswer(status: 200, json: answer)
        }
        let lines = results.map { String(decoding: $0.written(.plain), as: UTF8.self) }
        return VendorAnswer(
            status: 200, text: lines.joined(separator: "\n"), contentType: call.contentType ?? "application/json")
    }

    private static func items(_ call: VendorCall, _ batch: RecordedVendor.Batch) -> [SandboxJSON]? {
        guard let pointer = batch.items else {
            let lines = call.body.split(separator: UInt8(ascii: "\n"))
            let items = lines.compactMap { try? SandboxJSON(reading: Array($0)) }
            return items.count == lines.count ? items : nil
        }
        guard case .value(let document) = call.document else { return nil }
        return document.value(at: pointer)?.array
    }

    private static func text(_ id: SandboxJSON?) -> String {
        if case .number(let spelling) = id { return spelling }
        return id?.string ?? ""
    }

    private static func result(
        _ template: SandboxJSON, _ answer: VendorAnswer, from pointer: String, id: SandboxJSON?, line: Int
    ) -> SandboxJSON {
        let document = (try? SandboxJSON(reading: answer.response().body)) ?? .object(SandboxObject())
        let told = document.value(at: pointer) ?? document
        var result = template.filling("{line}", with: SandboxJSON(line)).filling(
            "{status}", with: SandboxJSON(answer.status))
        if var object = result.object, object["..."] != nil {
            object["..."] = nil
            for member in told.object?.members ?? [] where object[member.name] == nil {
                object[member.name] = member.value
            }
            result = .object(object)
        }
        return result.filling("{id}", with: id ?? .null).filling("{answer}", with: told)
    }
}
