/// `docs/metrics.md`, written from the table of metrics.
///
/// A test compares the file with it and, with `UPDATE_GENERATED=1`, writes the file.
package enum MetricsReference {
    package static var text: String {
        var text = self.introduction
        for (title, metrics) in self.sections {
            text += "\n## \(title)\n\n| metric | type | labels | |\n| --- | --- | --- | --- |\n"
            for metric in metrics { text += self.row(metric.declaration) }
        }
        text += self.labels
        text += self.buckets
        return text
    }

    private static let introduction = """
        # Metrics

        `GET /metrics` on the admin listener (`admin` in `gateway.json`, by default `127.0.0.1:9901`). A scraper that
        asks for OpenMetrics 1.0, as Prometheus does, gets it; everybody else gets the Prometheus text format 0.0.4.

        Every label has a fixed list of values that is known when the configuration is read: no ids, no paths, no text
        from outside. A metric marked *sparse* has many possible combinations of labels, most of which never occur: each
        is exported from its first occurrence on. All other combinations are exported from the start, with 0.

        Each worker counts for itself, without a lock; a scrape adds the workers up. Counters count from the start of
        the process. A reload keeps them, also those of targets that it removes.

        The dashboard in [deploy/grafana](../deploy/grafana/product-gateway.json) and the alerts in
        [deploy/prometheus](../deploy/prometheus/alerts.yml) use these metrics. In the tests a real Prometheus evaluates
        all of their queries and must know every metric and label in them. Another test compares the dashboard with the
        format that Grafana documents; it has not been opened in Grafana.

        <!-- Written from Sources/GatewayMetrics by a test: UPDATE_GENERATED=1 swift test -->

        """

    private static let sections: [(String, [Metric])] = [
        ("Requests", Metric.allCases.filter { $0.declaration.scope == .worker && !$0.isOfConnections }),
        ("Callers' connections", Metric.allCases.filter { $0.declaration.scope == .worker && $0.isOfConnections }),
        ("Targets", Metric.allCases.filter { $0.declaration.scope == .target && !$0.isOfConnections }),
        ("Connections to vendors", Metric.allCases.filter { $0.declaration.scope == .target && $0.isOfConnections }),
        ("The process", Metric.allCases.filter { $0.declaration.scope == .collected }),
    ]

    private static func row(_ declaration: MetricDeclaration) -> String {
        let labels = declaration.labelNames.map { "`\($0)`" }.joined(separator: ", ")
        let sparse = declaration.isSparse ? " *Sparse.*" : ""
        return "| `\(declaration.sampleName)` | \(declaration.kind.word) | \(labels) | \(declaration.help)\(sparse) |\n"
    }

    private static var labels: String {
        var text = "\n## Labels\n\n| label | of | values |\n| --- | --- | --- |\n"
        text += "| `target` | all metrics of targets | the names in `targets` of `gateway.json` |\n"
        text += "| `worker` | all metrics of workers | `0`, `1`, … |\n"
        text += "| `le` | buckets of histograms | upper bounds in seconds, `+Inf` |\n"
        var rows: [(label: String, values: String, metrics: [String])] = []
        for metric in Metric.allCases {
            for label in metric.declaration.labels {
                let written = label.domain.described
                let name = "`\(metric.declaration.sampleName)`"
                if let row = rows.firstIndex(where: { $0.label == label.name && $0.values == written }) {
                    rows[row].metrics.append(name)
                } else {
                    rows.append((label.name, written, [name]))
                }
            }
        }
        for row in rows {
            text += "| `\(row.label)` | \(row.metrics.joined(separator: ", ")) | \(row.values) |\n"
        }
        return text
    }

    private static var buckets: String {
        var text = """

            ## Buckets

            A quantile of a histogram is an estimate: Prometheus assumes that durations are spread evenly within a
            bucket. What times out after the default 10 or 20 seconds lies just above these bounds, in a narrow bucket,
            and is overestimated by at most a tenth. A quantile above the last bound is reported as the last bound.

            | histograms | upper bounds, in seconds |
            | --- | --- |

            """
        var rows: [(bounds: [Int], names: [String])] = []
        for metric in Metric.allCases {
            guard case .histogram(let bounds) = metric.declaration.kind else { continue }
            let name = "`\(metric.declaration.name)`"
            if let row = rows.firstIndex(where: { $0.bounds == bounds }) {
                rows[row].names.append(name)
            } else {
                rows.append((bounds, [name]))
            }
        }
        for row in rows {
            let bounds = row.bounds.map(ExpositionWriter.seconds).joined(separator: ", ")
            text += "| \(row.names.joined(separator: ", ")) | \(bounds) |\n"
        }
        return text
    }
}

extension Metric {
    /// For the order of the document.
    fileprivate var isOfConnections: Bool {
        let name = self.declaration.name
        return name.contains("downstream") || name.contains("upstream")
    }
}

extension LabelDomain {
    /// The values, in words where another document lists them.
    fileprivate var described: String {
        switch self {
        case .code:
            "`ok` (success), `dry_run` (translated, not sent), `caller_left` (the caller left before there was a "
                + "result), and the codes of [errors.md](errors.md)"
        case .pointer:
            "the members of the canonical product, `document` for the product as a whole, `other` for unknown members"
        case .status:
            "the statuses of RFC 9110 and its companions, `1xx` to `5xx` and `other` for all others"
        case .targetName:
            "the names in `targets` of `gateway.json`; empty for the listener's certificate"
        case .text:
            "one at a time, set at the start or by a reload"
        default:
            LabelValues(problemCodes: [], canonicalMembers: []).values(of: self).map { "`\($0)`" }
                .joined(separator: ", ")
        }
    }
}
