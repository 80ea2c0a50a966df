import Testing

@testable import GatewayMetrics

@Suite("The table of metrics")
struct DeclarationTests {
    @Test("every metric has a name of its own, with the prefix of the gateway or of the process")
    func names() {
        let names = Metric.allCases.map(\.declaration.name)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.hasPrefix("product_gateway_") || name.hasPrefix("process_"))
            #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") })
        }
    }

    @Test(
        "a unit ends the name, and the name of a counter or an info has no suffix of its own",
        arguments: Metric.allCases)
    func suffixes(metric: Metric) {
        let declaration = metric.declaration
        if let unit = declaration.unit { #expect(declaration.name.hasSuffix("_\(unit.rawValue)")) }
        for suffix in ["_total", "_info", "_count", "_sum", "_bucket", "_created"] {
            #expect(!declaration.name.hasSuffix(suffix))
        }
    }

    @Test("help is one sentence", arguments: Metric.allCases)
    func help(metric: Metric) {
        let help = metric.declaration.help
        #expect(help.hasSuffix("."))
        #expect(!help.contains("\n"))
    }

    @Test("labels are few, and only text that the process decides is not a list", arguments: Metric.allCases)
    func labels(metric: Metric) {
        let declaration = metric.declaration
        #expect(Set(declaration.labelNames).count == declaration.labelNames.count)
        #expect(declaration.labels.count <= 3)
        if case .histogram = declaration.kind { #expect(declaration.labels.count <= 1) }
        guard declaration.scope != .collected else { return }
        for label in declaration.labels { #expect(!values.values(of: label.domain).isEmpty) }
    }

    @Test("buckets rise", arguments: Metric.allCases)
    func buckets(metric: Metric) {
        guard case .histogram(let bounds) = metric.declaration.kind else { return }
        #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
        #expect(metric.declaration.unit == .seconds)
    }
}
