/// Where a cluster keeps a key: one of 16,384 slots, by CRC16 of the key
/// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/). Our keys have no hash tags.
enum RedisSlot {
    static let count = 16_384

    static func of(_ key: some Sequence<UInt8>) -> Int { Int(self.crc16(key)) % self.count }

    /// CRC-16/XMODEM, a byte at a time.
    private static func crc16(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes { crc = crc << 8 ^ self.table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)] }
        return crc
    }

    private static let table: [UInt16] = (0..<256).map { byte in
        var crc = UInt16(byte) << 8
        for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        return crc
    }
}
