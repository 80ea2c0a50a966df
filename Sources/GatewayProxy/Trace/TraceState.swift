import GatewayHTTP

/// The `tracestate` list: entries of other tracing systems, which the gateway passes on in their order and adds none to
/// (W3C Trace Context section 3.3).
enum TraceState {
    /// Entries of a list (section 3.3.1.1).
    private static let entriesMax = 32
    /// What every participant should pass on (section 3.3.1.5); more would be paid for with every vendor's request.
    static let bytesMax = 512
    /// Entries longer than this are the first to go where the list is too long (section 3.3.1.5).
    private static let longEntryBytes = 128
    private static let keyBytesMax = 256
    private static let valueBytesMax = 256

    /// The list as it is passed on: without white space and empty entries, and of a length that every participant
    /// takes. Empty where the list breaks a rule: then nothing of it can be relied on.
    static func checked(_ list: [UInt8]) -> [UInt8] {
        guard let entries = self.entries(of: list) else { return [] }
        let kept = self.fitting(entries)
        var checked: [UInt8] = []
        checked.reserveCapacity(self.length(of: kept))
        for entry in kept {
            if !checked.isEmpty { checked.append(UInt8(ascii: ",")) }
            checked.append(contentsOf: entry)
        }
        return checked
    }

    /// The entries that are not empty; nil where one is malformed, a key stands twice, or there are too many.
    private static func entries(of list: [UInt8]) -> [ArraySlice<UInt8>]? {
        var entries: [ArraySlice<UInt8>] = []
        var keys: [ArraySlice<UInt8>] = []
        for part in list.split(separator: UInt8(ascii: ",")) {
            let entry = self.trimmed(part)
            guard !entry.isEmpty else { continue }
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let key = entry[..<equals]
            guard self.isKey(key), self.isValue(entry[(equals + 1)...]), !keys.contains(key),
                entries.count < self.entriesMax
            else { return nil }
            entries.append(entry)
            keys.append(key)
        }
        return entries
    }

    /// Whole entries only: the long ones go first, from the end on, then the last of those that are left.
    private static func fitting(_ entries: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var kept = entries
        while self.length(of: kept) > self.bytesMax {
            if let long = kept.lastIndex(where: { $0.count > self.longEntryBytes }) {
                kept.remove(at: long)
            } else {
                kept.removeLast()
            }
        }
        return kept
    }

    private static func length(of entries: [ArraySlice<UInt8>]) -> Int {
        entries.reduce(max(0, entries.count - 1)) { $0 + $1.count }
    }

    private static func trimmed(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var part = part
        while let first = part.first, first.isFieldSpace { part.removeFirst() }
        while let last = part.last, last.isFieldSpace { part.removeLast() }
        return part
    }

    /// Level 2 (section 3.3.1.3.1): it takes every key of level 1, and "@" anywhere but in front.
    private static func isKey(_ key: ArraySlice<UInt8>) -> Bool {
        guard let first = key.first, key.count <= self.keyBytesMax, self.isLowerCaseOrDigit(first)
        else { return false }
        return key.allSatisfy { byte in
            self.isLowerCaseOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "@")
        }
    }

    /// Printable ASCII without "," and "="; what surrounds the entry is trimmed by then, so it ends with no space.
    private static func isValue(_ value: ArraySlice<UInt8>) -> Bool {
        guard !value.isEmpty, value.count <= self.valueBytesMax else { return false }
        return value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isLowerCaseOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
