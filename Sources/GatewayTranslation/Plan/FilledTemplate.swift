import GatewayHTTP
import GatewayJSON

/// A path, or one side of an envelope, with a target's parameters filled in: constant bytes, and places for the id.
final class FilledTemplate: Sendable {
    enum Part {
        case bytes([UInt8])
        case id
    }

    /// Constant bytes; or the id, where the count is negative.
    private let parts: FrozenBuffer<PooledBytes>
    private let pool: FrozenBuffer<UInt8>

    init(_ parts: [Part]) {
        var pool = BytePoolBuilder()
        let pooled = parts.map { part in
            switch part {
            case .bytes(let bytes): pool.add(bytes)
            case .id: PooledBytes(offset: 0, count: -1)
            }
        }
        self.parts = FrozenBuffer(pooled)
        self.pool = FrozenBuffer(pool.bytes)
    }

    /// The bytes of all parts but the ids.
    var constantCount: Int { self.pool.count }

    /// Appends all parts, the id as a JSON string.
    func append(to output: inout JSONOutput, quotingID id: ProductID?) {
        let pool = self.pool.base
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                output.append(fromBlocks: pool.view(part))
            } else {
                Self.append(quoting: id, to: &output)
            }
        }
    }

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

    /// All parts, the id percent-encoded as one path segment.
    func path(id: ProductID?) -> [UInt8] {
        var path: [UInt8] = []
        path.reserveCapacity(self.pool.count + (id?.bytes.count ?? 0) * 3)
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                path.append(bytes: self.pool.view(part))
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
}
