/// How many bytes the records of each caller take, and whether there is room for more. A value; its owner guards it.
struct CallerRoom: Sendable {
    private let bytesMax: Int
    private var bytes: [String: Int] = [:]

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Whether a new record of so many bytes may be kept for a caller.
    func hasRoom(for count: Int, of scope: String) -> Bool { (self.bytes[scope] ?? 0) + count <= self.bytesMax }

    /// A caller's records take so many bytes more, or fewer.
    mutating func change(by count: Int, of scope: String) {
        let sum = max(0, (self.bytes[scope] ?? 0) + count)
        self.bytes[scope] = sum == 0 ? nil : sum
    }

    func bytes(of scope: String) -> Int { self.bytes[scope] ?? 0 }
}
