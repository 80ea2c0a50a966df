import GatewayHTTP
import GatewayTranslation

/// The query of a product request: which targets, and whether to send anything.
struct RequestQuery: Equatable {
    /// In the order the caller gave; empty where it names none.
    var targets: [String] = []
    var isDryRun = false
    /// Whether lines of a stream go on after an earlier one of the same product has failed.
    var goesOnAfterFailure = false

    /// Reads a query; the error is a sentence for the caller.
    static func parse(
        _ query: UnsafeBufferPointer<UInt8>, targetsMax: Int, isOfStream: Bool = false
    ) -> Result<RequestQuery, InvalidQuery> {
        var result = RequestQuery()
        guard !query.isEmpty else { return .success(result) }
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap(Self.text),
                let value = parts.count > 1 ? Self.text(parts[1]) : ""
            else {
                return .failure(InvalidQuery("The query is not valid percent-encoded UTF-8."))
            }
            switch name {
            case "target":
                guard result.targets.isEmpty else {
                    return .failure(
                        InvalidQuery("target is given twice; name several targets as target=a,b."))
                }
                let names = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                guard !names.contains(""), names.count <= targetsMax else {
                    return .failure(
                        InvalidQuery(
                            "target must be a name, or up to \(targetsMax) names with commas between."))
                }
                guard Set(names).count == names.count else {
                    return .failure(InvalidQuery("target names the same target twice."))
                }
                result.targets = names
            case "dryRun":
                switch value {
                case "true": result.isDryRun = true
                case "false": result.isDryRun = false
                default: return .failure(InvalidQuery("dryRun must be true or false, not \"\(value.abridged)\"."))
                }
            case "onFailure" where isOfStream:
                switch value {
                case "continue": result.goesOnAfterFailure = true
                case "stop": result.goesOnAfterFailure = false
                default:
                    return .failure(
                        InvalidQuery("onFailure must be stop or continue, not \"\(value.abridged)\"."))
                }
            default:
                return .failure(
                    InvalidQuery(
                        "There is no query parameter \"\(name.abridged)\"; there are "
                            + (isOfStream ? "target, dryRun and onFailure." : "target and dryRun.")))
            }
        }
        return .success(result)
    }

    private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        PercentEncoding.decode(UnsafeBufferPointer(rebasing: bytes), takes: []).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

/// Why a query cannot be taken, in a sentence for the caller.
struct InvalidQuery: Error, Equatable {
    let detail: String

    init(_ detail: String) {
        self.detail = detail
    }
}
