/// A server's word that a key is elsewhere: `MOVED 3999 127.0.0.1:6381`, `ASK 3999 127.0.0.1:6381`.
struct RedisRedirection: Equatable {
    /// For good; otherwise for this command only.
    let isMoved: Bool
    let slot: Int
    let address: RedisAddress

    /// Nil where the error is another one. An address without a host is at the server that said so.
    init?(_ error: String, from server: RedisAddress) {
        let words = error.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let slot = Int(words[1]),
            (0..<RedisSlot.count).contains(slot), let colon = words[2].lastIndex(of: ":"),
            let port = Int(words[2][words[2].index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let name = String(words[2][..<colon])
        self.isMoved = words[0] == "MOVED"
        self.slot = slot
        self.address = RedisAddress(host: name.isEmpty ? server.host : name, port: port)
    }
}
