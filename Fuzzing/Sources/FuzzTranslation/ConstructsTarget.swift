import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// The constructs of format 2 that no built-in dialect has, or not together: a text as the caller's document, as what
/// was read before, as an answer, and as a dialect of its own.
struct ConstructsTarget {
    private let plan: TargetPlan
    private let translator = Translator()
    private let id = Array("7".utf8)

    init() {
        let plan = try? TargetPlan(targetName: "constructs", dialect: Dialect(parsing: Array(Self.document.utf8)))
        guard let plan else { preconditionFailure("the fuzzer's dialect cannot be read") }
        self.plan = plan
    }

    func run(_ bytes: [UInt8]) {
        self.run(bytes, over: Self.read, for: self.plan)
        self.run(Self.update, over: bytes, for: self.plan)
        for status in [200, 207, 400, 409] {
            let answer = VendorAnswer(status: status, body: bytes)
            _ = self.translator.tellsOfChange(answer, for: self.plan)
            _ = self.plan.limit(in: answer, nowEpochSeconds: 0)
        }
        self.runAsDialect(bytes)
    }

    /// A dialect that can be read can be compiled and used, or says why not.
    private func runAsDialect(_ bytes: [UInt8]) {
        guard let dialect = try? Dialect(parsing: bytes) else { return }
        var options = TargetOptions()
        for parameter in dialect.parameters {
            options.parameters[parameter.name] = parameter.choices?.first ?? parameter.fallback ?? "EUR"
        }
        guard let plan = try? TargetPlan(targetName: "own", dialect: dialect, options: options) else { return }
        _ = plan.capabilityMatrix()
        self.run(Self.update, over: Self.read, for: plan)
    }

    private func run(_ body: [UInt8], over read: [UInt8], for plan: TargetPlan) {
        for operation in [ProductOperation.update, .create] where plan.supports(operation) {
            do throws(Problem) {
                var key = CountingGenerator()
                var request = try self.translator.translate(
                    operation, for: plan, id: operation == .update ? self.id : nil, body: body,
                    handling: .lenient, key: VendorKey(using: &key))
                if request.readsFirst {
                    let answer = VendorAnswer(
                        status: 200, body: read, etag: "W/\"1\"", headers: [("x-token", "t"), ("set-cookie", "a=b; x")])
                    request = try self.translator.merge(
                        request, of: operation, into: answer, for: plan, nowEpochSeconds: 0)
                }
                self.check(request)
                try self.follow(request, read, operation, plan)
            } catch {
                self.requireJSON(error.json(requestID: "fuzz"))
            }
        }
    }

    /// The requests that follow, and what their answers come to.
    private func follow(
        _ first: VendorRequest, _ answer: [UInt8], _ operation: ProductOperation, _ plan: TargetPlan
    ) throws(Problem) {
        var request = first
        for _ in 0..<64 {
            let answer = VendorAnswer(status: 200, body: answer)
            let folded = self.translator.fold(answer, to: request, operation: operation, for: plan)
            guard case .product(let product) = folded else { return }
            if !product.product.isEmpty { self.requireJSON(product.product) }
            guard let next = try self.translator.next(after: request, answer, product: product, for: plan) else {
                return
            }
            self.check(next)
            request = next
        }
        preconditionFailure("one change sends more requests than it may")
    }

    private func check(_ request: VendorRequest) {
        if request.isJSON, !request.body.isEmpty { self.requireJSON(request.body) }
        precondition(request.path.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a path that is not ASCII")
        for header in request.headers {
            precondition(header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a header with a control character")
        }
    }

    private func requireJSON(_ bytes: [UInt8]) {
        let limits = JSONLimits(bytesMax: 16 << 20, depthMax: 400)
        precondition((try? JSONDocument(parsing: bytes, limits: limits)) != nil, "what was written is not JSON")
    }

    private struct CountingGenerator: RandomNumberGenerator {
        var count: UInt64 = 0
        mutating func next() -> UInt64 {
            self.count += 1
            return self.count
        }
    }

    private static let update = Array(
        #"""
        {"name": "Chair", "sku": "A-1", "brand": null, "description": "Oak.", "price": {"amount": "19.90",
        "currency": "EUR"}, "images": [{"url": "https://x.test/1"}],
        "families": [{"id": "3"}], "variants": [{"id": "a", "sku": "B"}, {"sku": "C"}],
        "tags": ["x", "y"], "status": "live", "translations": {"de": {"name": "Stuhl"}, "fr": null},
        "customFields": {"colour": "red", "old": null}, "weight": {"value": 1.5}}
        """#.utf8)

    private static let read = Array(
        #"""
        {"id": "7", "version": 3, "name": {"en": "Old", "de": "Alt"},
        "pictures": [{"id": 1, "src": "https://x.test/1"}], "category": {"id": 3},
        "variants": [{"id": "a", "sku": "A", "prices": [{"currency": "USD", "amount": 1}, {"currency": "EUR"}]}],
        "sizes": [{"id": "a", "sku": "A", "stock": 3}, 5, null], "attributes": [{"code": "text", "value": "Old."}],
        "cost": {"left": 3, "took": 2, "rate": 1}}
        """#.utf8)

    private static let document = #"""
        {"format": 2, "name": "constructs", "title": "Constructs",
         "parameters": {"currency": {"default": "EUR"}, "country": {"default": null}, "locale": {"default": "en"}},
         "operations": {
          "update": {"method": "POST", "path": "/items/{id}", "query": {"k": "{idempotencyKey}"},
           "headers": {"if-match": "{read:header:etag}", "x-token": "{read:header:x-token}",
            "cookie": "{read:cookies}"},
           "body": {"key": "{idempotencyKey}", "version": "{read:/version}", "item": "{fields}"},
           "partial": [207],
           "then": [
            {"for": ["/brand", "/weight/value"], "method": "PUT", "path": "/items/{id}/brand",
             "body": {"is": "brand", "...": "{fields}"},
             "failures": [{"at": "/state", "equals": ["no"], "refuses": true}]},
            {"when": {"/status": "live"}, "method": "POST", "path": "/items/{id}/live", "failures": ["/errors"],
             "graphql": {"document": "mutation { x }", "variables": {"id": "{id}"}}}]},
          "create": {"method": "POST", "path": "/items", "read": {"path": "/", "headers": {"x-token": "fetch"}},
           "headers": {"x-token": "{read:header:x-token}"}, "encoding": "form", "body": {"item": "{fields}"},
           "id": {"answer": "/id"}}},
         "read": {"path": "/items/{id}", "weakETags": true, "stale": [409, "STALE"]},
         "answer": {"fields": "", "id": "/id", "required": ["/id"]},
         "limits": {"points": {"available": "/cost/left", "cost": "/cost/took", "restoreRate": "/cost/rate"}},
         "lists": {
          "/variants": {"keep": ["id"], "new": {"title": "Default", "more": {"deep": [1]}}},
          "/variants/0/prices": {"like": {"currency": "{parameter:currency}", "country": "{parameter:country}"}},
          "/pictures": {"keep": ["id"]}},
         "fields": {
          "/name": {"vendor": "/name/{parameter:locale}", "keepsRest": true},
          "/sku": {"vendor": "/variants/0/sku", "clear": null},
          "/price/amount": {"vendor": "/variants/0/prices/0/amount", "as": "units"},
          "/price/currency": {"fixed": {"parameter": "currency"}},
          "/description": {"vendor": "/attributes", "entry": {"code": "text", "value": "{value}"}, "keepsRest": true,
           "clearEntry": {"code": "text", "gone": true}},
          "/images": {"vendor": "/pictures", "entries": {"src": "{/url}", "alt": "{/alt}"}, "identity": "/url"},
          "/variants": {"vendor": "/sizes", "entries": {"id": "{/id}", "sku": "{/sku}"}, "identity": "/id",
           "clear": []},
          "/brand": {"vendor": "/value", "clear": {"none": [true]}, "operations": ["update"]},
          "/weight/value": {"vendor": "/weight", "as": "text", "operations": ["update"]},
          "/tags": {"vendor": "/tags", "as": "joined"},
          "/families": {"vendor": "/category", "as": "single", "entries": {"id": "{number:/id}"}, "clear": null},
          "/status": {"vendor": null, "values": {"live": "live"}, "operations": ["update"]},
          "/translations": {"localized": {"name": "/name/{locale}"},
           "ownLocale": {"parameter": "locale"}, "map": "replace"},
          "/customFields": {"vendor": "/custom", "map": "replace", "entries": {"k": "{key}", "v": "{value}"}}},
         "errors": {"items": ["/errors"], "fieldBases": ["/*", "/*/*"]}}
        """#
}
