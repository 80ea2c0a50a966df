import Foundation
import GatewayTranslation
import NIOHTTP1

@testable import GatewayProxy

/// A vendor in memory that fails by chance and counts what it has done.
///
/// It never lies: what says that nothing was changed (400 to 499 but 408, a refused stream) is said where nothing was,
/// and a right success where the change was made. Everything else is said in both cases. Time and chance are inputs.
final class ModelVendor {
    /// A language, and how a product looks in it.
    struct Style {
        let name: String
        /// The whole answer of one product.
        let product: (_ id: String, _ name: String, _ note: String) -> String
        /// With `ETag`, and writes that are refused where the product has changed since.
        var hasVersions = false
        /// Its 503 says that nothing was changed.
        var refusesWith503 = false
    }

    private struct Product {
        var id: String
        var name: String
        var note = "first"
        var version = 1
    }

    let style: Style
    private var random: SeededGenerator
    private unowned let simulation: DeliverySimulation
    /// Of how many requests in a hundred it fails.
    var share: Int
    /// Takes every request and answers none.
    var isDown = false
    private var products: [String: Product] = [:]
    private var created = 0
    /// How often each change was made, by the name that it gives.
    private(set) var made: [String: Int] = [:]
    /// Requests that changed something, or were to.
    private(set) var writes = 0
    /// What it has done wrong, by what it was.
    private(set) var faults: [String: Int] = [:]

    init(_ style: Style, seed: UInt64, share: Int, simulation: DeliverySimulation) {
        self.style = style
        self.random = SeededGenerator(seed: seed)
        self.share = share
        self.simulation = simulation
    }

    private func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self.random) < percent }

    private func milliseconds(upTo count: Int) -> UInt64 {
        UInt64(Int.random(in: 0...count, using: &self.random)) * 1_000_000
    }

    // MARK: Connections

    final class Dial: UpstreamDial {
        let vendor: ModelVendor
        private var isOver = false

        init(pool: UpstreamPool, vendor: ModelVendor) {
            self.vendor = vendor
            super.init(pool: pool)
        }

        override func start() {
            let fails = self.vendor.chance(min(self.vendor.share / 8, 20))
            self.vendor.simulation.later(self.vendor.milliseconds(upTo: 100)) { [self] in
                guard !self.isOver else { return }
                self.isOver = true
                if fails {
                    self.vendor.faults["dial", default: 0] += 1
                    self.pool.dialFailed(self, .notConnected(reason: "refused"))
                } else {
                    self.pool.dialled(self, Connection(pool: self.pool, vendor: self.vendor))
                }
            }
        }

        override func cancel() { self.isOver = true }
    }

    final class Connection: PooledConnection {
        private let vendor: ModelVendor
        private var live: [Int32: Attempt] = [:]
        private var lastID: Int32 = -1

        init(pool: UpstreamPool, vendor: ModelVendor) {
            self.vendor = vendor
            super.init(pool: pool, traffic: UpstreamTraffic(metrics: pool.metrics, startedAt: 0), address: nil)
        }

        override var freeStreams: Int { self.stage == .ready ? 100 - self.live.count : 0 }

        override func send(_ attempt: Attempt) -> Bool {
            guard self.freeStreams > 0 else { return false }
            self.lastID += 2
            self.live[self.lastID] = attempt
            attempt.sent(on: self, streamID: self.lastID)
            self.vendor.received(attempt.request, on: self, self.lastID)
            return true
        }

        override func abandon(streamID: Int32) { self.live[streamID] = nil }

        /// What becomes of a stream that nobody has given up.
        func end(_ streamID: Int32, _ act: (Attempt) -> Void) {
            guard let attempt = self.live.removeValue(forKey: streamID) else { return }
            act(attempt)
            self.pool.streamFreed(on: self)
        }

        func answer(_ attempt: Attempt, _ status: Int, _ body: String, _ fields: [(String, String)]) {
            _ = self.environment.storage.receivedFields.deliver(HTTPHeaders(fields)) {
                attempt.received(status: status, fields: $0)
            }
            Array(body.utf8).withUnsafeBytes { attempt.received(body: $0) }
        }
    }

    // MARK: Requests

    private func received(_ request: UpstreamRequest, on connection: Connection, _ streamID: Int32) {
        let isWrite = request.method == "PUT" || request.method == "POST"
        if isWrite { self.writes += 1 }
        let later = self.simulation.later
        let latency = self.milliseconds(upTo: 150)
        if self.isDown {
            later(latency) { connection.end(streamID) { $0.ended(because: "down") } }
            return
        }
        guard self.chance(self.share) else {
            later(latency) { [self] in
                let (status, body, fields) = self.carryOut(request)
                connection.end(streamID) {
                    connection.answer($0, status, body, fields)
                    $0.receivedEnd()
                }
            }
            return
        }
        var fault = Fault.allCases.randomElement(using: &self.random) ?? .refused
        // Each keeps everybody away for a second: a few are enough.
        if fault.isPause, self.chance(85) { fault = .reset }
        self.faults[fault.rawValue, default: 0] += 1
        // Where answers carry no id to be recognised by, another product is the right one.
        let acts = isWrite && (fault == .another || fault.mayAct(self.style) && self.chance(50))
        // Some act long after they were given up.
        let actsAfter = fault == .silent && self.chance(50) ? latency + 4_000_000_000 : latency / 2
        if acts { later(actsAfter) { [self] in _ = self.carryOut(request) } }
        later(latency) { [self] in self.act(fault, on: connection, streamID) }
    }

    /// Every way to fail.
    private enum Fault: String, CaseIterable {
        case refused, reset, silent, broken, malformed, large, html, another, empty, redirect
        case s400, s404, s408, s409, s412, s422, s429, s429Later, s500, s502, s503, s503Later, s504

        var isPause: Bool {
            switch self {
            case .s429, .s429Later, .s503Later: true
            default: false
            }
        }

        func mayAct(_ style: Style) -> Bool {
            switch self {
            case .refused, .s400, .s404, .s409, .s412, .s422, .s429, .s429Later: false
            case .s503, .s503Later: !style.refusesWith503
            default: true
            }
        }
    }

    private func act(_ fault: Fault, on connection: Connection, _ streamID: Int32) {
        func answer(_ status: Int, _ body: String = #"{"message":"no"}"#, _ fields: [(String, String)] = []) {
            connection.end(streamID) {
                connection.answer($0, status, body, fields)
                $0.receivedEnd()
            }
        }
        switch fault {
        case .refused: connection.end(streamID) { $0.failed(.refused) }
        case .reset: connection.end(streamID) { $0.ended(because: "reset") }
        case .silent: break
        case .broken:
            connection.end(streamID) {
                connection.answer($0, 200, #"{"id""#, [])
                $0.ended(because: "closed")
            }
        case .malformed: connection.end(streamID) { $0.answerMalformed(because: "a rule") }
        case .large: connection.end(streamID) { $0.failed(.answerTooLarge(status: 200)) }
        case .html: answer(200, "<html></html>")
        case .another: answer(200, self.style.product("another", "another", "first"))
        case .empty: answer(200, "")
        case .redirect: answer(307, "", [("location", "/elsewhere")])
        case .s400: answer(400)
        case .s404: answer(404)
        case .s408: answer(408)
        case .s409: answer(409)
        case .s412: answer(412)
        case .s422: answer(422)
        case .s429: answer(429)
        case .s429Later: answer(429, "{}", [("retry-after", "1")])
        case .s500: answer(500)
        case .s502: answer(502)
        case .s503: answer(503)
        case .s503Later: answer(503, "{}", [("retry-after", "1")])
        case .s504: answer(504)
        }
    }

    /// Does what is asked, and says so.
    private func carryOut(_ request: UpstreamRequest) -> (Int, String, [(String, String)]) {
        let path = String(decoding: request.content.path, as: UTF8.self)
        let body = String(decoding: request.body, as: UTF8.self)
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        switch request.method {
        case "GET" where path.contains("?ref="):
            let wanted = path.split(separator: "=").last.map(String.init) ?? ""
            let found = self.products.values.filter { $0.name == wanted }
            return (200, "{\"items\":[" + found.map(self.document).joined(separator: ",") + "]}", [])
        case "GET":
            var product = self.products[last] ?? Product(id: last, name: "old")
            // Somebody else has been here in between.
            if self.style.hasVersions, self.chance(self.share / 4) {
                product.note = "changed"
                product.version += 1
            }
            self.products[last] = product
            return (200, self.document(product), self.tag(product))
        case "PUT":
            var product = self.products[last] ?? Product(id: last, name: "old")
            if self.style.hasVersions, self.chance(self.share / 4) { product.version += 1 }
            self.products[last] = product
            if self.style.hasVersions, let version = request.content.headers.first(where: { $0.name == "if-match" }),
                version.value != "\"\(product.version)\""
            {
                return (412, "{}", [])
            }
            product.name = Self.name(in: body)
            product.version += 1
            self.products[last] = product
            self.made[product.name, default: 0] += 1
            return (200, self.document(product), self.tag(product))
        case "POST":
            self.created += 1
            let product = Product(id: "made-\(self.created)", name: Self.name(in: body))
            self.products[product.id] = product
            self.made[product.name, default: 0] += 1
            return (201, self.document(product), self.tag(product))
        default:
            return (204, "", [])
        }
    }

    private func document(_ product: Product) -> String {
        self.style.product(product.id, product.name, product.note)
    }

    private func tag(_ product: Product) -> [(String, String)] {
        self.style.hasVersions ? [("etag", "\"\(product.version)\"")] : []
    }

    private static func name(in body: String) -> String {
        guard let start = body.range(of: #""name":""#)?.upperBound,
            let end = body[start...].firstIndex(of: "\"")
        else { return "?" }
        return String(body[start..<end])
    }
}
