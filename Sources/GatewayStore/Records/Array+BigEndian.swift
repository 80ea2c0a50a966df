extension [UInt8] {
    /// The most significant byte first.
    package mutating func append(bigEndian number: UInt64) {
        Swift.withUnsafeBytes(of: number.bigEndian) { bytes in
            bytes.withMemoryRebound(to: UInt8.self) { self.append(contentsOf: $0) }
        }
    }

    /// The most significant byte first.
    package mutating func append(bigEndian number: UInt32) {
        Swift.withUnsafeBytes(of: number.bigEndian) { bytes in
            bytes.withMemoryRebound(to: UInt8.self) { self.append(contentsOf: $0) }
        }
    }
}
