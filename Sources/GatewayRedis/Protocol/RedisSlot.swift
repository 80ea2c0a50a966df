/// Where a cluster keeps a key: one of 16,384 slots, by CRC16 of the key
/// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/). Our keys have no hash tags.
enum RedisSlot {
    static let count = 16_384

    static func of(_ key: [UInt8]) -> Int { Int(self.crc16(key)) % self.count }

    /// CRC-16/XMODEM.
    private static func crc16(_ bytes: [UInt8]) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
        return crc
    }
}

/// Where a server of a cluster is.
struct RedisAddress: Hashable, Sendable {
    let host: String
    let port: Int
}

/// A server's word that a key is elsewhere: `MOVED 3999 127.0.0.1:6381`, `ASK 3999 127.0.0.1:6381`.
struct RedisRedirection: Equatable {
    /// For good; otherwise for this command only.
    let isMoved: Bool
    let slot: Int
    let address: RedisAddress

    /// Nil where the error is another one. An address without a host is at the host that said so.
    init?(_ error: String, from host: String) {
        let words = error.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let slot = Int(words[1]),
            (0..<RedisSlot.count).contains(slot), let colon = words[2].lastIndex(of: ":"),
            let port = Int(words[2][words[2].index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let name = String(words[2][..<colon])
        self.isMoved = words[0] == "MOVED"
        self.slot = slot
        self.address = RedisAddress(host: name.isEmpty ? host : name, port: port)
    }
}
