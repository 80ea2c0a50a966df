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
    func append(to output: inout JSONOutput, quotingID id: [UInt8]?) {
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                output.append(bytes: self.pool.view(part))
            } else {
                output.append(quoting: id ?? [])
            }
        }
    }

    /// All parts, the id percent-encoded as one path segment.
    func path(id: [UInt8]?) -> [UInt8] {
        var path: [UInt8] = []
        path.reserveCapacity(self.pool.count + (id?.count ?? 0) * 3)
        for index in 0..<self.parts.count {
            let part = self.parts[index]
            if part.count >= 0 {
                path.append(bytes: self.pool.view(part))
            } else if let id {
                PercentEncoding.append(id, to: &path)
            }
        }
        return path
    }
}
