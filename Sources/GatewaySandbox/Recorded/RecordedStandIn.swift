/// Plays one recorded vendor: a product behind its documented examples, changed by what is sent.
///
/// Knows nothing of any vendor; everything is in the vendor's data. There is a product of every id, made when it is
/// first asked for, but for ids that begin with `missing`. An id such as `7~rate-limit` provokes a documented error.
struct RecordedStandIn: Sendable {
    let vendor: RecordedVendor
    private let known: ProvocationTable
    private var products: [String: SandboxJSON] = [:]
    private var created = 0
    /// The oldest products go; a first look has a few.
    private static let productsMax = 1000

    init(_ vendor: RecordedVendor) {
        self.vendor = vendor
        self.known = ProvocationTable(
            vendor.errors.keys.sorted().map { word in
                Provocation.answer(word, "as \(vendor.name) documents it") { _ in Self.answer(vendor.errors[word]) }
            })
    }

    /// - Parameter segments: of the path, behind what names the vendor.
    mutating func answer(_ call: VendorCall, _ segments: [String]) -> VendorAnswer {
        for route in self.vendor.routes where route.method == call.method {
            guard let pathID = Self.match(route.path, segments), self.isMeant(route, call) else { continue }
            if let batch = route.batch { return self.answer(call, route, batch) }
            return self.answer(call, route, pathID.first ?? self.bodyID(route, call))
        }
        return VendorAnswer(status: 404, json: ["message": "no route"])
    }

    /// The id in a path, none where it has none; nil where the path is another one.
    private static func match(_ path: [String], _ segments: [String]) -> [String]? {
        guard path.count == segments.count else { return nil }
        var ids: [String] = []
        for (expected, segment) in zip(path, segments) {
            if expected == "{id}" {
                ids.append(segment)
            } else if expected != "{any}", expected != segment {
                return nil
            }
        }
        return ids
    }

    private func isMeant(_ route: RecordedVendor.Route, _ call: VendorCall) -> Bool {
        guard let words = route.contains else { return true }
        return String(decoding: call.body, as: UTF8.self).contains(words)
    }

    private func bodyID(_ route: RecordedVendor.Route, _ call: VendorCall) -> String {
        guard let pointer = route.idAt, case .value(let document) = call.document,
            let text = document.value(at: pointer)?.string
        else { return "" }
        let around = self.vendor.idForm.split(separator: "{id}", omittingEmptySubsequences: false)
        return around.first.map { text.hasPrefix($0) ? String(text.dropFirst($0.count)) : text } ?? text
    }

    mutating func answer(_ call: VendorCall, _ route: RecordedVendor.Route, _ written: String) -> VendorAnswer {
        let marks = MagicMarks(id: written, known: self.known)
        for mark in marks.marks {
            let context = Provocation.Context(vendor: .cor, id: marks.id, number: mark.number)
            if case .answer(let answer) = mark.provocation.effect(context) { return answer }
        }
        if marks.id.hasPrefix("missing") { return Self.answer(self.vendor.errors[self.vendor.missing]) }
        let id = route.action == .create && marks.id.isEmpty ? self.newID() : marks.id
        var product = self.products[id] ?? self.seed(id)
        if let version = route.version, let stale = self.stale(version, call, product) { return stale }
        if route.action != .read {
            guard let changed = self.changed(product, route, call) else {
                return VendorAnswer(status: 400, json: ["message": "the body cannot be read"])
            }
            product = self.bumped(changed)
            if self.products.count >= Self.productsMax { self.products.removeAll() }
            self.products[id] = product
        }
        let headers = route.headers.map { SandboxHeader($0.name, $0.value.replacing("{id}", with: id)) }
        guard let answer = route.answer else { return VendorAnswer(status: route.status, headers: headers) }
        return VendorAnswer(
            status: route.status,
            json: answer.filling("{product}", with: product).filling("{id}", with: .string(id)), headers: headers)
    }

    private static func answer(_ error: RecordedVendor.Error?) -> VendorAnswer {
        guard let error else { return VendorAnswer(status: 404) }
        var answer = VendorAnswer(status: error.status, headers: error.headers)
        if !error.body.isEmpty {
            answer.headers.insert(SandboxHeader("content-type", "application/json"), at: 0)
            answer.body = .bytes(Array(error.body.utf8))
        }
        return answer
    }

    private mutating func newID() -> String {
        self.created += 1
        return String(1000 + self.created)
    }

    private func seed(_ id: String) -> SandboxJSON {
        let written = self.vendor.idForm.replacing("{id}", with: id)
        let isNumber = self.vendor.idIsNumber && Int(id) != nil
        return self.vendor.product.setting(self.vendor.idAt, to: isNumber ? .number(id) : .string(written))
    }

    private func stale(_ version: String, _ call: VendorCall, _ product: SandboxJSON) -> VendorAnswer? {
        guard let at = self.vendor.versionAt, case .number(let current)? = product.value(at: at) else { return nil }
        var given: String?
        if version.hasPrefix("/") {
            if case .value(let document) = call.document, case .number(let number)? = document.value(at: version) {
                given = number
            }
        } else {
            given = call.headers.first(version)
        }
        return given == current ? nil : Self.answer(self.vendor.errors[self.vendor.stale])
    }

    private func bumped(_ product: SandboxJSON) -> SandboxJSON {
        guard let at = self.vendor.versionAt, let version = product.value(at: at)?.integer else { return product }
        return product.setting(at, to: .number(String(version + 1)))
    }

    // MARK: Changes

    private func changed(
        _ product: SandboxJSON, _ route: RecordedVendor.Route, _ call: VendorCall
    ) -> SandboxJSON? {
        if route.action == .none || call.body.isEmpty { return product }
        if route.isForm { return Self.filled(product, String(decoding: call.body, as: UTF8.self)) }
        guard case .value(let document) = call.document, let sent = document.value(at: route.from) else { return nil }
        if !route.actions.isEmpty { return Self.acted(product, sent, route.actions) }
        let old = product.value(at: route.into) ?? .object(SandboxObject())
        let new = route.action == .replace ? sent : old.merged(with: sent, keys: route.keys)
        let changed = product.setting(route.into, to: new)
        // The id is the vendor's, whatever was sent.
        return product.value(at: self.vendor.idAt).map { changed.setting(self.vendor.idAt, to: $0) } ?? changed
    }

    private static func acted(
        _ product: SandboxJSON, _ sent: SandboxJSON, _ actions: [String: [String: String]]
    ) -> SandboxJSON {
        var product = product
        for action in sent.array ?? [] {
            for (member, place) in actions[action.object?["action"]?.string ?? ""] ?? [:] {
                let isWord = member == "true" || member == "false"
                product = product.setting(
                    place, to: isWord ? .bool(member == "true") : action.object?[member] ?? .null)
            }
        }
        return product
    }

    /// A form's pairs, members in brackets; texts become what the product has there.
    private static func filled(_ product: SandboxJSON, _ form: String) -> SandboxJSON {
        var product = product
        for (name, value) in PercentEncoding.pairs(form) {
            let tokens = name.split { $0 == "[" || $0 == "]" }.map(String.init)
            if let last = tokens.last, Int(last) != nil {
                let list = tokens.dropLast()
                let old = last == "0" ? [] : product.value(at: list[...])?.array ?? []
                product = product.setting(list[...], to: .array(old + [.string(value)]))
            } else {
                product = product.setting(tokens[...], to: Self.value(value, product.value(at: tokens[...])))
            }
        }
        return product
    }

    private static func value(_ text: String, _ old: SandboxJSON?) -> SandboxJSON {
        if text == "true" || text == "false" { return .bool(text == "true") }
        guard text.isEmpty else { return .string(text) }
        switch old {
        case .array: return .array([])
        case .object: return .object(SandboxObject())
        default: return .null
        }
    }
}
