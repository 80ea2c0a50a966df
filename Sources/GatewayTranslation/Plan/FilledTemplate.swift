import GatewayHTTP
import GatewayJSON

/// A path, a header field, or one side of an envelope, with a target's parameters filled in: constant bytes, and places
/// for the id and for what is known only when a request is written. Immutable.
final class FilledTemplate: Sendable {
    enum Part {
        case bytes([UInt8])
        case id
        case hole(Hole)
    }

    /// A place for something else than an id as it is.
    struct Hole {
        enum Content {
            case id(TextTemplate.IDForm)
            case locale
            case odataLocale
            case taken(Taken)
            case key
        }

        let content: Content
        /// Whether it is part of a JSON string, rather than a value of its own.
        let isInside: Bool
    }

    /// Constant bytes; or the id, where the count is -1; or a hole, where it is less.
    private let parts: FrozenBuffer<PooledBytes>
    private let pool: FrozenBuffer<UInt8>
    private let holes: [Hole]

    init(_ parts: [Part]) {
        var pool = BytePoolBuilder()
        var holes: [Hole] = []
        let pooled = parts.map { part in
            switch part {
            case .bytes(let bytes): return pool.add(bytes)
            case .id: return PooledBytes(offset: 0, count: -1)
            case .hole(let hole):
                holes.append(hole)
                return PooledBytes(offset: 0, count: Int32(-1 - holes.count))
            }
        }
        self.parts = FrozenBuffer(pooled)
        self.pool = FrozenBuffer(pool.bytes)
        self.holes = holes
    }

    /// The bytes of all parts but the holes.
    var constantCount: Int { self.pool.count }

    /// What it takes from an earlier answer.
    var taken: [Taken] { self.holes.compactMap { if case .taken(let taken) = $0.content { taken } else { nil } } }
    /// Whether it wants an id that is a number.
    var wantsNumber: Bool { self.holes.contains { if case .id(.number) = $0.content { true } else { false } } }

    /// Appends all parts, the id as a JSON string.
    func append(to output: inout JSONOutput, quotingID id: ProductID?, _ fillings: Fillings? = nil) {
        let pool = self.pool.base
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                output.append(fromBlocks: pool.view(part))
            } else if part.count == -1 {
                Self.append(quoting: id, to: &output)
            } else {
                self.append(self.hole(part), to: &output, id, fillings ?? .none)
            }
        }
    }

    private func hole(_ part: PooledBytes) -> Hole { self.holes[Int(-2 - part.count)] }

    @inline(__always)
    private static func append(quoting id: ProductID?, to output: inout JSONOutput) {
        guard let id, id.isUnreserved else {
            output.append(quoting: id?.bytes ?? [])
            return
        }
        output.append(UInt8(ascii: "\""))
        id.bytes.withUnsafeBufferPointer { output.append(bytes: $0) }
        output.append(UInt8(ascii: "\""))
    }

    private func append(_ hole: Hole, to output: inout JSONOutput, _ id: ProductID?, _ fillings: Fillings) {
        if case .taken(let taken) = hole.content, !hole.isInside {
            fillings.value(of: taken).json.withUnsafeBufferPointer { output.append(bytes: $0) }
            return
        }
        let text = Self.text(of: hole, id, fillings)
        if case .id(.number) = hole.content, !hole.isInside {
            text.withUnsafeBufferPointer { output.append(bytes: $0) }
            return
        }
        if !hole.isInside { output.append(UInt8(ascii: "\"")) }
        text.withUnsafeBufferPointer { output.append(escaping: $0) }
        if !hole.isInside { output.append(UInt8(ascii: "\"")) }
    }

    private static func text(of hole: Hole, _ id: ProductID?, _ fillings: Fillings) -> [UInt8] {
        switch hole.content {
        case .id(.odata): Self.odata(id?.bytes ?? [])
        case .id: id?.bytes ?? []
        case .locale: fillings.locale
        case .odataLocale: Self.odata(fillings.locale)
        case .taken(let taken): fillings.value(of: taken).text
        case .key: fillings.key?.digits ?? Array("{idempotencyKey}".utf8)
        }
    }

    /// The content of an OData literal (OData 4.01, URL conventions, section 4.3).
    private static func odata(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { $0 == UInt8(ascii: "'") ? [$0, $0] : [$0] }
    }

    private static func odata(_ parameter: String, _ options: ResolvedOptions) -> [UInt8] {
        self.odata(Array(options.parameter(parameter).utf8))
    }

    /// All parts, the id percent-encoded as one path segment.
    func path(id: ProductID?, _ fillings: Fillings? = nil) -> [UInt8] {
        var path: [UInt8] = []
        path.reserveCapacity(self.pool.count + (id?.bytes.count ?? 0) * 3)
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                path.append(bytes: self.pool.view(part))
            } else if part.count < -1 {
                PercentEncoding.append(Self.text(of: self.hole(part), id, fillings ?? .none), to: &path)
            } else if let id {
                if id.isUnreserved {
                    id.bytes.withUnsafeBufferPointer { path.append(bytes: $0) }
                } else {
                    PercentEncoding.append(id.bytes, to: &path)
                }
            }
        }
        return path
    }

    /// All parts as a text, such as a header field's value.
    func text(id: ProductID?, _ fillings: Fillings) -> [UInt8] {
        var text: [UInt8] = []
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                text.append(bytes: self.pool.view(part))
            } else if part.count == -1 {
                text += id?.bytes ?? []
            } else {
                text += Self.text(of: self.hole(part), id, fillings)
            }
        }
        return text
    }
}

extension FilledTemplate {
    /// A path and its query.
    convenience init(_ path: PathTemplate, _ options: ResolvedOptions) {
        var parts = Self.encoded(path.text, options)
        for (position, pair) in path.query.enumerated() {
            let mark = position == 0 && !path.written.contains("?") ? "?" : "&"
            parts.append(.bytes(Array(mark.utf8) + PercentEncoding.encode(Array(pair.name.utf8)) + [0x3D]))
            parts += Self.encoded(pair.value, options, isValue: true)
        }
        self.init(parts)
    }

    /// A text as it is, for a header field.
    convenience init(_ text: TextTemplate, _ options: ResolvedOptions) {
        self.init(
            text.parts.map { part in
                switch part {
                case .text(let text): .bytes(Array(text.utf8))
                case .parameter(let name): .bytes(Array(options.parameter(name).utf8))
                case .odataParameter(let name): .bytes(Self.odata(name, options))
                default: Self.hole(part, isInside: true)
                }
            })
    }

    /// Percent-encoded, but for the text of a path, which is written as it is meant.
    private static func encoded(_ text: TextTemplate, _ options: ResolvedOptions, isValue: Bool = false) -> [Part] {
        text.parts.map { part in
            switch part {
            case .text(let text): .bytes(isValue ? PercentEncoding.encode(Array(text.utf8)) : Array(text.utf8))
            case .parameter(let name): .bytes(PercentEncoding.encode(Array(options.parameter(name).utf8)))
            case .odataParameter(let name): .bytes(PercentEncoding.encode(self.odata(name, options)))
            case .id(.plain): .id
            default: self.hole(part, isInside: true)
            }
        }
    }

    private static func hole(_ part: TextTemplate.Part, isInside: Bool) -> Part {
        switch part {
        case .id(.plain): .id
        case .id(let form): .hole(Hole(content: .id(form), isInside: isInside))
        case .locale: .hole(Hole(content: .locale, isInside: isInside))
        case .odataLocale: .hole(Hole(content: .odataLocale, isInside: isInside))
        case .taken(let taken): .hole(Hole(content: .taken(taken), isInside: isInside))
        case .key: .hole(Hole(content: .key, isInside: isInside))
        case .text(let text): .bytes(Array(text.utf8))
        case .parameter, .odataParameter: .bytes([])
        }
    }

    /// A JSON string with holes, or one hole that is a value of its own.
    static func parts(of text: TextTemplate, _ options: ResolvedOptions) -> [Part] {
        if text.parts.count == 1 {
            switch text.parts[0] {
            case .id(.plain): return [.id]
            case .parameter(let name): return [.bytes(options.quotedParameter(name))]
            case .text, .odataParameter: break
            default: return [self.hole(text.parts[0], isInside: false)]
            }
        }
        var parts: [Part] = [.bytes([UInt8(ascii: "\"")])]
        for part in text.parts {
            switch part {
            case .text(let text): parts.append(.bytes(self.escaped(text)))
            case .parameter(let name): parts.append(.bytes(self.escaped(options.parameter(name))))
            case .odataParameter(let name):
                parts.append(.bytes(self.escaped(String(decoding: self.odata(name, options), as: UTF8.self))))
            case .id(let form): parts.append(.hole(Hole(content: .id(form), isInside: true)))
            default: parts.append(self.hole(part, isInside: true))
            }
        }
        return parts + [.bytes([UInt8(ascii: "\"")])]
    }

    private static func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(escaping: text)
        return bytes
    }
}
