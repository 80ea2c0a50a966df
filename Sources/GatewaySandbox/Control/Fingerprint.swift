/// Shows that two secrets are the same without showing either.
enum Fingerprint {
    /// Eight hexadecimal digits of the FNV-1a hash: 32 bits of it cannot be turned back into a token.
    static func of(_ secret: some StringProtocol) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in secret.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let folded = UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
        return "#" + self.hexadecimal([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: folded >> $0) })
    }

    /// `Bearer #1a2b3c4d` for the value of an `Authorization` header.
    static func ofCredential(_ value: String) -> String {
        let parts = value.split(separator: " ", maxSplits: 1)
        return parts.count == 2 ? "\(parts[0]) \(self.of(parts[1]))" : self.of(value)
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let secretNames: Set<String> = ["client_secret", "access_token", "refresh_token"]

    /// A token endpoint's form or JSON with the secrets in it masked.
    static func maskingSecrets(_ text: String) -> String {
        if let json = try? SandboxJSON(reading: Array(text.utf8)), let object = json.object {
            let masked = object.members.map { member in
                guard self.secretNames.contains(member.name), let secret = member.value.string else { return member }
                return SandboxObject.Member(name: member.name, value: .string(self.of(secret)))
            }
            return String(decoding: SandboxJSON.object(SandboxObject(masked)).written(), as: UTF8.self)
        }
        return text.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, self.secretNames.contains(String(parts[0])) else { return String(pair) }
            return "\(parts[0])=\(self.of(parts[1]))"
        }.joined(separator: "&")
    }
}
