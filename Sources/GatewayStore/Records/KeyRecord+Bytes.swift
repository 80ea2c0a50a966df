/// Targets as engines keep them in one value: for each the stage, the name and the answer, with their lengths.
extension KeyRecord {
    static func bytes(of targets: [TargetRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(targets.reduce(0) { $0 + 16 + $1.name.utf8.count + $1.answer.count })
        for target in targets {
            bytes.append(target.stage.rawValue)
            self.append(Array(target.name.utf8), to: &bytes)
            self.append(target.answer, to: &bytes)
        }
        return bytes
    }

    /// Nil where the bytes are none that `bytes` has written.
    static func targets(from bytes: [UInt8]) -> [TargetRecord]? {
        var targets: [TargetRecord] = []
        var rest = bytes[...]
        while let first = rest.first {
            rest = rest.dropFirst()
            guard let stage = TargetStage(rawValue: first), let name = self.text(from: &rest),
                let answer = self.text(from: &rest)
            else { return nil }
            targets.append(TargetRecord(name: String(decoding: name, as: UTF8.self), stage: stage, answer: answer))
        }
        return targets
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(clamping: text.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: text)
    }

    private static func text(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.count >= 4 else { return nil }
        let length = Int(rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        rest = rest.dropFirst(4)
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }
}
