/// What `Cache-Control` says of how long an answer is fresh (RFC 9111 section 5.2).
package enum CacheControl {
    /// The seconds of `max-age`; 0 where the answer is not to be kept, nil where it does not say.
    package static func maxAge(_ value: String) -> Int? {
        var age: Int?
        for directive in value.split(separator: ",") {
            let parts = directive.split(separator: "=", maxSplits: 1)
            let name = parts[0].filter { $0 != " " && $0 != "\t" }.lowercased()
            switch name {
            case "no-store", "no-cache": return 0
            case "max-age" where parts.count == 2:
                let digits = parts[1].filter { $0 != " " && $0 != "\"" }
                age = Int(digits) ?? age
            default: break
            }
        }
        return age
    }
}
