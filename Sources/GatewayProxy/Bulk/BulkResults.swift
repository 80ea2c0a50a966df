import GatewayJSON
import GatewayTranslation

/// Writes the lines that answer a stream: one for each result, and those that tell of the stream itself.
///
/// Holds what has not been taken to the caller. Confined to its event loop.
struct BulkResults {
    private let isSequence: Bool
    private var bytes: [UInt8] = []

    init(_ format: StreamFormat) {
        self.isSequence = format == .jsonSequence
    }

    var isEmpty: Bool { self.bytes.isEmpty }

    /// What has been written since the last call.
    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &self.bytes)
        return taken
    }

    /// A line that its target has taken.
    mutating func append(
        number: Int, id: [UInt8]?, target: String, status: Int, warnings: [Warning], isReplayed: Bool = false
    ) {
        self.line { output in
            Self.begin(number, id, &output)
            output.append(literal: ",\"target\":")
            output.append(quoting: target)
            output.append(literal: ",\"outcome\":\"done\",\"status\":")
            output.append(decimal: status)
            if isReplayed { output.append(literal: ",\"replayed\":true") }
            if !warnings.isEmpty {
                var writer = JSONWriter()
                writer.beginArray()
                for warning in warnings { warning.write(to: &writer) }
                writer.endArray()
                output.append(literal: ",\"warnings\":")
                output.append(contentsOf: writer.bytes)
            }
        }
    }

    /// A line that was translated and, as the caller wants it, not sent.
    mutating func append(number: Int, id: [UInt8]?, dryRunFor target: String) {
        self.line { output in
            Self.begin(number, id, &output)
            output.append(literal: ",\"target\":")
            output.append(quoting: target)
            output.append(literal: ",\"outcome\":\"not_sent\",\"status\":200,\"dryRun\":true")
        }
    }

    /// A line that failed: the members of its problem.
    mutating func append(number: Int, id: [UInt8]?, _ problem: Problem, requestID: String) {
        let document = problem.json(requestID: requestID)
        self.line { output in
            Self.begin(number, id, &output)
            // The document's own braces are the line's.
            output.append(UInt8(ascii: ","))
            output.append(contentsOf: document.dropFirst().dropLast())
        }
    }

    /// A line that an earlier one with its key has answered by a problem: that one's members.
    mutating func append(number: Int, id: [UInt8]?, replayed document: [UInt8]) {
        self.line { output in
            Self.begin(number, id, &output)
            output.append(literal: ",\"replayed\":true,")
            output.append(contentsOf: document.dropFirst().dropLast())
        }
    }

    /// How far the stream has come, and whom it waits for.
    mutating func append(progress totals: StreamTotals, waiting: [Waiting]) {
        self.line { output in
            output.append(literal: "{\"progress\":{")
            Self.append(totals, to: &output)
            if !waiting.isEmpty {
                output.append(literal: ",\"waiting\":[")
                for (position, waiting) in waiting.enumerated() {
                    if position > 0 { output.append(UInt8(ascii: ",")) }
                    output.append(literal: "{\"target\":")
                    output.append(quoting: waiting.target)
                    output.append(literal: ",\"code\":\"")
                    output.append(text: waiting.code.rawValue)
                    output.append(literal: "\",\"seconds\":")
                    output.append(decimal: waiting.seconds)
                    output.append(UInt8(ascii: "}"))
                }
                output.append(UInt8(ascii: "]"))
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Whom lines wait for, why, and for how long from now.
    struct Waiting {
        let target: String
        let code: ProblemCode
        let seconds: Int
    }

    /// Why the stream ends before its end.
    mutating func append(fatal problem: Problem, requestID: String) {
        self.line { output in
            output.append(literal: "{\"fatal\":")
            output.append(contentsOf: problem.json(requestID: requestID))
        }
    }

    /// The last line. A stream without one was cut off.
    mutating func append(summary totals: StreamTotals, isComplete: Bool) {
        self.line { output in
            output.append(literal: "{\"summary\":{")
            Self.append(totals, to: &output)
            output.append(literal: isComplete ? ",\"complete\":true}" : ",\"complete\":false}")
        }
    }

    private static func begin(_ number: Int, _ id: [UInt8]?, _ output: inout [UInt8]) {
        output.append(literal: "{\"line\":")
        output.append(decimal: number)
        guard let id else { return }
        output.append(literal: ",\"id\":")
        output.append(quoting: id)
    }

    private static func append(_ totals: StreamTotals, to output: inout [UInt8]) {
        output.append(literal: "\"lines\":")
        output.append(decimal: totals.lines)
        output.append(literal: ",\"done\":")
        output.append(decimal: totals.done)
        output.append(literal: ",\"partial\":")
        output.append(decimal: totals.partial)
        output.append(literal: ",\"rejected\":")
        output.append(decimal: totals.rejected)
        output.append(literal: ",\"unknown\":")
        output.append(decimal: totals.unknown)
        output.append(literal: ",\"notSent\":")
        output.append(decimal: totals.notSent)
        guard totals.replayed > 0 else { return }
        output.append(literal: ",\"replayed\":")
        output.append(decimal: totals.replayed)
    }

    /// Several lines that are done, with ids of a common length.
    private static let lineBytes = 512

    /// One text, closed and framed (RFC 7464 section 2.2).
    private mutating func line(_ write: (inout [UInt8]) -> Void) {
        // Once, instead of doubling with each member of the first line.
        if self.bytes.isEmpty { self.bytes.reserveCapacity(Self.lineBytes) }
        if self.isSequence { self.bytes.append(0x1E) }
        write(&self.bytes)
        self.bytes.append(UInt8(ascii: "}"))
        self.bytes.append(UInt8(ascii: "\n"))
    }
}
