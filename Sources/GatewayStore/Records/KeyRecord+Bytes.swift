/// Targets as engines keep them in one value: for each the stage, the name and the answer, with their lengths.
extension KeyRecord {
    package static func bytes(of targets: [TargetRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(targets.reduce(0) { $0 + self.byteCount(ofTarget: $1.name, answer: $1.answer) })
        for target in targets { self.append(target, to: &bytes) }
        return bytes
    }

    /// How many bytes `append` appends.
    package static func byteCount(ofTarget name: String, answer: [UInt8]) -> Int {
        9 + name.utf8.count + answer.count
    }

    package static func append(_ target: TargetRecord, to bytes: inout [UInt8]) {
        bytes.append(target.stage.rawValue)
        bytes.append(bigEndian: UInt32(clamping: target.name.utf8.count))
        bytes.append(contentsOf: target.name.utf8)
        bytes.append(bigEndian: UInt32(clamping: target.answer.count))
        bytes.append(contentsOf: target.answer)
    }

    /// Nil where the bytes are none that `bytes` has written.
    package static func targets(from bytes: ArraySlice<UInt8>) -> [TargetRecord]? {
        var targets: [TargetRecord] = []
        var rest = bytes
        while let first = rest.first {
            rest = rest.dropFirst()
            guard let stage = TargetStage(rawValue: first), let name = self.text(from: &rest),
                let answer = self.text(from: &rest)
            else { return nil }
            targets.append(TargetRecord(name: String(decoding: name, as: UTF8.self), stage: stage, answer: answer))
        }
        return targets
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
