import Foundation
import GatewayTranslation
import Testing

@testable import GatewayProxy

/// `GATEWAY_SIMULATED_CHANGES` says how many changes there are of each style: 250,000 make a million faults.
@Suite("What callers are told about a vendor that fails in every way, in simulated time")
struct SimulatedTruthTests {
    private static let changes = ProcessInfo.processInfo.environment["GATEWAY_SIMULATED_CHANGES"].flatMap(Int.init)

    /// A dialect that looks lost creates up, and says of its failures what it can.
    private static let acme = """
        {"format": 1, "name": "acme", "title": "Acme",
         "operations": {
           "update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"},
           "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"},
                      "find": {"path": "/p?ref={/name}", "product": "/items/0"}}},
         "read": {"path": "/p/{id}"},
         "answer": {"fields": "", "id": "/id", "idMatchesPath": true, "required": ["/id"]},
         "fields": {"/name": {"vendor": "/name"}, "/description": {"vendor": "/description"}},
         "errors": {"statuses": {
           "503": {"code": "vendor_unavailable", "outcome": "rejected", "repeat": true},
           "502": {"code": "vendor_error", "repeat": true}}}}
        """

    struct Kind: CustomTestStringConvertible, Sendable {
        let name: String
        var creates = 30
        var replaces = false
        var parameters: [String: String] = [:]
        var isNested = false
        var hasVersions = false
        var testDescription: String { self.name + (self.replaces ? ", read, merged and written" : "") }
    }

    private static let kinds = [
        Kind(name: "catalogue"), Kind(name: "catalogue", creates: 10, replaces: true, hasVersions: true),
        Kind(name: "elastic-path", isNested: true), Kind(name: "cor", parameters: ["source": "SAP"]),
        Kind(name: "softwareone", creates: 0), Kind(name: "acme"),
    ]

    private static func simulation(
        of kind: Kind, seed: UInt64, share: Int, _ change: (inout HealthSettings) -> Void = { _ in }
    ) throws -> DeliverySimulation {
        let dialect = try kind.name == "acme" ? Dialect(parsing: Array(self.acme.utf8)) : Dialect(named: kind.name)
        var options = TargetOptions(parameters: kind.parameters)
        options.updateSemantics = kind.replaces ? .replace : .partial
        var settings = HealthSettings()
        settings.queueMax = 1_000
        change(&settings)
        let style = ModelVendor.Style(
            name: kind.name,
            product: { id, name, note in
                kind.isNested
                    ? #"{"data":{"id":"\#(id)","type":"product","attributes":{"name":"\#(name)"}}}"#
                    : #"{"id":"\#(id)","name":"\#(name)","description":"\#(note)"}"#
            }, hasVersions: kind.hasVersions, refusesWith503: kind.name == "acme")
        return try DeliverySimulation(
            style, dialect: dialect, options: options, seed: seed, share: share, settings: settings)
    }

    private static func run(_ simulation: DeliverySimulation, _ count: Int, of kind: Kind) {
        // Updates of one product wait for each other.
        simulation.run(
            count, perStep: kind.hasVersions ? 1 : 5, creates: kind.creates, update: { #"{"name":"\#($0)"}"# },
            create: {
                switch kind.name {
                case "cor": #"{"name":"\#($0)","externalRef":"\#($0)","clientId":"c","brandId":"b"}"#
                case "elastic-path": #"{"name":"\#($0)","kind":"digital"}"#
                default: #"{"name":"\#($0)"}"#
                }
            })
    }

    @Test("nobody is told an untruth, and no create is made twice", arguments: Self.kinds)
    func truth(kind: Kind) throws {
        // Without the breaker every fault comes through; the next test has it.
        let simulation = try Self.simulation(of: kind, seed: 11, share: 60) {
            $0.breaker = nil
            $0.budget.percent = 100
            $0.budget.perSecond = 1_000
        }
        Self.run(simulation, Self.changes ?? 2_000, of: kind)
        let untruths = simulation.untruths
        #expect(untruths.isEmpty, "\(untruths.count) of \(simulation.calls.count): \(untruths.prefix(3))")
        // The vendor has had its say.
        #expect(simulation.vendor.faults.count >= 23)
        for outcome in ["done", "rejected", "unknown"] {
            #expect((simulation.told["update \(outcome)"] ?? 0) > 0, "\(simulation.told)")
            if kind.creates > 0 { #expect((simulation.told["create \(outcome)"] ?? 0) > 0, "\(simulation.told)") }
        }
        #expect(simulation.target.health.report(now: 0).underWay == 0)
    }

    @Test("nor while the target is left alone, paused and asked again", arguments: Self.kinds)
    func truthWithBreaker(kind: Kind) throws {
        let simulation = try Self.simulation(of: kind, seed: 12, share: 60)
        Self.run(simulation, (Self.changes ?? 2_000) / 2, of: kind)
        let untruths = simulation.untruths
        #expect(untruths.isEmpty, "\(untruths.count) of \(simulation.calls.count): \(untruths.prefix(3))")
        #expect((simulation.told["update notSent"] ?? 0) > 0, "\(simulation.told)")
        #expect(simulation.target.health.report(now: 0).underWay == 0)
    }

    @Test("in an outage retries add a fifth at most; leaving the vendor alone takes nearly all away")
    func amplification() throws {
        let kind = Kind(name: "softwareone", creates: 0)
        let unbroken = try Self.simulation(of: kind, seed: 13, share: 0) { $0.breaker = nil }
        unbroken.vendor.isDown = true
        Self.run(unbroken, 3_000, of: kind)
        let amplification = Double(unbroken.vendor.writes) / Double(unbroken.calls.count)
        #expect(amplification > 1, "some are repeated")
        #expect(amplification <= 1.2, "\(amplification)")
        let broken = try Self.simulation(of: kind, seed: 13, share: 0)
        broken.vendor.isDown = true
        Self.run(broken, 3_000, of: kind)
        #expect(Double(broken.vendor.writes) / Double(broken.calls.count) < 0.2)
    }

    @Test("once a vendor is back it is asked as ever, within two of its pauses")
    func recovery() throws {
        let kind = Kind(name: "catalogue", creates: 0)
        let simulation = try Self.simulation(of: kind, seed: 14, share: 100)
        Self.run(simulation, 500, of: kind)
        let before = simulation.calls.count
        simulation.vendor.share = 0
        // Pauses have doubled to 16 s and a fifth at most by then.
        Self.run(simulation, before + 3_000, of: kind)
        let last = simulation.calls.suffix(500)
        #expect(last.allSatisfy { $0.delivery.resultKind == .success })
    }
}
