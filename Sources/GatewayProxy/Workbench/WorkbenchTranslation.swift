import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// One canonical document, translated for several targets, with what a person wants to see of it: the exact requests,
/// where each value went, what was refused and where, and what `lenient` would leave out.
struct WorkbenchTranslation {
    private let document: [UInt8]
    private let operation: ProductOperation
    private let id: [UInt8]?
    private let handling: Handling?
    private let limits: JSONLimits
    private let translator: Translator

    init(
        document: [UInt8], operation: ProductOperation, id: [UInt8]?, handling: Handling?,
        limits: WorkbenchTargets.Limits
    ) {
        self.document = document
        self.operation = operation
        self.id = id
        self.handling = handling
        self.limits = JSONLimits(bytesMax: limits.requestBodyBytesMax, depthMax: limits.jsonDepthMax)
        self.translator = Translator(limits: self.limits)
    }

    func json(for targets: [Target]) -> [UInt8] {
        var budget = CarriedValues.Budget()
        var writer = JSONWriter(reservingCapacity: 16384)
        writer.beginObject()
        var segments: TextSegments?
        do throws(JSONError) {
            let parsed = try TextSegments(self.document, limits: self.limits)
            parsed.write("document", to: &writer)
            segments = parsed
        } catch {
            writer.object("malformed") { writer in
                writer.member("before", String(decoding: self.document.prefix(error.offset), as: UTF8.self))
                writer.member("line", error.line)
                writer.member("column", error.column)
                writer.member("reason", error.explanation)
            }
        }
        writer.name("targets")
        writer.beginArray()
        if let segments {
            for target in targets {
                writer.beginObject()
                self.write(target, segments, &budget, to: &writer)
                writer.endObject()
            }
        }
        writer.endArray()
        if budget.isSpent { writer.member("linksLeftOut", true) }
        writer.endObject()
        return writer.bytes
    }

    private func write(
        _ target: Target, _ segments: TextSegments, _ budget: inout CarriedValues.Budget,
        to writer: inout JSONWriter
    ) {
        writer.member("target", target.name)
        do throws(Problem) {
            let request = try self.translate(self.document, target, self.handling)
            self.write(request, of: target, self.handling, segments, &budget, to: &writer)
        } catch {
            writer.name("problem")
            error.write(to: &writer, requestID: Workbench.requestID)
            guard (self.handling ?? target.plan.options.handling) == .strict,
                let lenient = try? self.translate(self.document, target, .lenient)
            else { return }
            writer.name("lenient")
            writer.beginObject()
            self.write(lenient, of: target, .lenient, segments, &budget, to: &writer)
            writer.endObject()
        }
    }

    private func translate(
        _ document: [UInt8], _ target: Target, _ handling: Handling?
    ) throws(Problem) -> VendorRequest {
        try self.translator.translate(
            self.operation, for: target.plan, id: self.id, body: document, handling: handling)
    }

    private func write(
        _ request: VendorRequest, of target: Target, _ handling: Handling?, _ segments: TextSegments,
        _ budget: inout CarriedValues.Budget, to writer: inout JSONWriter
    ) {
        writer.object("request") { writer in
            writer.member("method", request.method)
            writer.member("url", target.baseURL + request.pathText)
            writer.array("headers") { writer in
                let secret = target.credentials.masked?.field.map { [$0] } ?? []
                for header in request.headers + secret {
                    writer.array { writer in
                        writer.string(header.name)
                        writer.string(header.value)
                    }
                }
            }
            TextSegments(layingOut: request.body, limits: self.limits).write("body", to: &writer)
            if request.readsFirst {
                let read = target.plan.readRequest(before: request)
                writer.object("readsFirst") { writer in
                    writer.member("method", read.method)
                    writer.member("url", target.baseURL + read.pathText)
                }
            }
            let following = self.translator.following(request)
            if !following.isEmpty {
                writer.array("then") { writer in
                    for request in following {
                        writer.beginObject()
                        writer.member("method", request.method)
                        writer.member("url", target.baseURL + request.pathText)
                        writer.array("headers") { writer in
                            for header in request.headers {
                                writer.array { writer in
                                    writer.string(header.name)
                                    writer.string(header.value)
                                }
                            }
                        }
                        TextSegments(layingOut: request.body, limits: self.limits).write("body", to: &writer)
                        writer.endObject()
                    }
                }
            }
            writer.array("warnings") { writer in
                for warning in request.warnings { warning.write(to: &writer) }
            }
        }
        let links = CarriedValues.links(
            of: self.document, segments, places: self.places(of: request), budget: &budget
        ) { document in
            (try? self.translate(document, target, handling)).map { self.places(of: $0) }
        }
        CarriedValues.write(links, to: &writer)
    }

    /// Those of the requests that follow have `then 1 `, `then 2 ` before them: the same pointer is another place in
    /// each.
    private func places(of request: VendorRequest) -> CarriedValues.Places {
        var places = self.places(ofOne: request)
        for (position, next) in self.translator.following(request).enumerated() {
            let prefix = "then \(position + 1) "
            for (place, value) in self.places(ofOne: next) { places[prefix + place] = value }
            places[prefix + "method"] = Array(next.method.utf8)
        }
        return places
    }

    private func places(ofOne request: VendorRequest) -> CarriedValues.Places {
        var places = CarriedValues.places(ofBody: request.body, limits: self.limits)
        places["url"] = request.path
        for header in request.headers { places["header:" + header.name] = Array(header.value.utf8) }
        return places
    }
}
