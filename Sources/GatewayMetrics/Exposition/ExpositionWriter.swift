/// Writes the text of a scrape.
struct ExpositionWriter {
    private(set) var bytes: [UInt8] = []
    private let format: ExpositionFormat

    init(format: ExpositionFormat) {
        self.format = format
        self.bytes.reserveCapacity(64 * 1024)
    }

    /// `# TYPE`, `# UNIT` and `# HELP` of a family.
    mutating func family(_ declaration: MetricDeclaration) {
        let name: String
        var type = declaration.kind.word
        switch self.format {
        case .openMetrics:
            name = declaration.name
        case .text:
            // The old format names families like their samples and has no info.
            name = declaration.sampleName
            if type == "info" { type = "gauge" }
        }
        self.append("# HELP \(name) \(Self.escaped(declaration.help, quotes: self.format == .openMetrics))\n")
        self.append("# TYPE \(name) \(type)\n")
        if self.format == .openMetrics, let unit = declaration.unit {
            self.append("# UNIT \(name) \(unit.rawValue)\n")
        }
    }

    mutating func sample(
        _ name: String, _ labels: [(name: String, value: String)], _ value: CollectedValues.Value,
        exemplar: Exemplar? = nil
    ) {
        self.append(name)
        if !labels.isEmpty {
            self.append("{")
            for (index, label) in labels.enumerated() {
                if index > 0 { self.append(",") }
                self.append("\(label.name)=\"\(Self.escaped(label.value, quotes: true))\"")
            }
            self.append("}")
        }
        self.append(" ")
        switch value {
        case .integer(let number): self.append("\(number)")
        case .nanoseconds(let number): self.append(Self.seconds(number))
        }
        // OpenMetrics 1.0, "Exemplars": the old format has none.
        if let exemplar, self.format == .openMetrics {
            let value = Self.seconds(Int(clamping: exemplar.nanoseconds))
            self.append(
                " # {trace_id=\"\(exemplar.traceID)\"} \(value) \(Self.seconds(exemplar.epochNanoseconds))")
        }
        self.append("\n")
    }

    mutating func end() {
        if self.format == .openMetrics { self.append("# EOF\n") }
    }

    private mutating func append(_ text: String) {
        self.bytes.append(contentsOf: text.utf8)
    }

    /// Nanoseconds as seconds, exactly.
    static func seconds(_ nanoseconds: Int) -> String {
        let magnitude = nanoseconds.magnitude
        var digits = String(magnitude % 1_000_000_000)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (nanoseconds < 0 ? "-" : "") + "\(magnitude / 1_000_000_000).\(digits)"
    }

    /// Backslash, line feed and, in label values and OpenMetrics, the quote.
    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
