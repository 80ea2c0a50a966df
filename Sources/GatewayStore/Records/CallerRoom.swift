/// How many bytes the records of each caller take, and whether there is room for more. A value; its owner guards it.
struct CallerRoom: Sendable {
    private let bytesMax: Int
    private var bytes: [String: Int] = [:]

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Whether a new record of so many bytes may be kept for a caller.
    func hasRoom(for count: Int, of scope: String) -> Bool { (self.bytes[scope] ?? 0) + count <= self.bytesMax }

    /// Takes so many bytes for a new record.
    ///
    /// - Returns: whether there was room.
    mutating func take(_ count: Int, of scope: String) -> Bool {
        guard self.hasRoom(for: count, of: scope) else { return false }
        self.change(by: count, of: scope)
        return true
    }

    /// A caller's records take so many bytes more, or fewer.
    mutating func change(by count: Int, of scope: String) {
        guard count != 0 else { return }
        let sum = self.bytes[scope, default: 0] + count
        self.bytes[scope] = sum > 0 ? sum : nil
    }

    func bytes(of scope: String) -> Int { self.bytes[scope] ?? 0 }
}
