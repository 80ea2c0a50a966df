import GatewayHTTP
import Testing

@testable import GatewayProxy

@Suite("Finding a route")
struct RouteTests {
    private static func describe(_ method: RequestHead.Method, _ path: String) -> String {
        switch Array(path.utf8).withUnsafeBufferPointer({ Route.find(method, path: $0) }) {
        case .route(.update(let id)): "update \(String(decoding: id, as: UTF8.self))"
        case .route(.read(let id)): "read \(String(decoding: id, as: UTF8.self))"
        case .route(.create): "create"
        case .route(.stream): "stream"
        case .route(.streamRecord(let key)): "stream record \(String(decoding: key, as: UTF8.self))"
        case .route(.targets): "targets"
        case .route(.target(let name)): "target \(name)"
        case .route(.openAPI): "openapi"
        case .route(.productSchema): "schema"
        case .route(.problem(let code)): "problem \(code)"
        case .options(let allow, let accepted): "options \(allow)" + (accepted == .patches ? ", patches" : "")
        case .methodNotAllowed(let allow): "405 \(allow)"
        case .notFound: "404"
        case .invalidPath: "400"
        }
    }

    @Test(
        "method and path lead where the API says",
        arguments: [
            (RequestHead.Method.patch, "/v1/products/EXT-1", "update EXT-1"),
            (.put, "/v1/products/EXT-1", "update EXT-1"),
            (.get, "/v1/products/EXT-1", "read EXT-1"), (.head, "/v1/products/EXT-1", "read EXT-1"),
            (.patch, "/v1/products/a%2Fb%20c", "update a/b c"),
            (.patch, "/v1/products/%C3%A9", "update é"),
            (.patch, "/v1/products/...", "update ..."),
            (.post, "/v1/products/EXT-1", "405 GET, HEAD, PATCH, PUT, OPTIONS"),
            (.other, "/v1/products/EXT-1", "405 GET, HEAD, PATCH, PUT, OPTIONS"),
            (.options, "/v1/products/EXT-1", "options GET, HEAD, PATCH, PUT, OPTIONS, patches"),
            (.patch, "/v1/products/", "404"),
            (.patch, "/v1/products/a/b", "400"),
            (.patch, "/v1/products/a/", "400"),
            (.patch, "/v1/products/%", "400"),
            (.patch, "/v1/products/EXT-1#x", "400"),
            (.get, "/v1/products/EXT-1#", "400"),
            (.patch, "/v1/products/EXT%231", "update EXT#1"),
            (.patch, "/v1/products/é", "400"),
            (.get, "/v1/targets/é", "404"),
            (.get, "/v1/bulk/é", "400"),
            (.patch, "/v1/products/%zz", "400"),
            (.patch, "/v1/products/%ff", "400"),
            (.patch, "/v1/products/%00", "400"),
            (.patch, "/v1/products/a%0d%0ab", "400"),
            (.patch, "/v1/products/.", "400"),
            (.patch, "/v1/products/..", "400"),
            (.patch, "/v1/products/%2E%2e", "400"),
            (.post, "/v1/products", "create"),
            (.put, "/v1/products", "405 POST, OPTIONS"),
            (.get, "/v1/products", "405 POST, OPTIONS"),
            (.options, "/v1/products", "options POST, OPTIONS"),
            (.get, "/v1/bulk/k-1", "stream record k-1"),
            (.head, "/v1/bulk/%22nightly%207%22", "stream record nightly 7"),
            (.get, "/v1/bulk/nightly%207", "stream record nightly 7"), (.get, "/v1/bulk/", "400"),
            (.get, "/v1/bulk/%ff", "400"),
            (.get, "/v1/bulk/a/b", "stream record a/b"), (.post, "/v1/bulk/k", "405 GET, HEAD, OPTIONS"),
            (.get, "/v1/targets", "targets"),
            (.head, "/v1/targets", "targets"),
            (.post, "/v1/targets", "405 GET, HEAD, OPTIONS"),
            (.options, "/v1/targets", "options GET, HEAD, OPTIONS"),
            (.get, "/v1/targets/elastic-path", "target elastic-path"),
            (.get, "/v1/targets/a%20b", "target a b"),
            (.get, "/v1/targets/%zz", "404"),
            (.get, "/openapi.json", "openapi"),
            (.get, "/v1/schemas/product-update.json", "schema"),
            (.get, "/problems/product_not_found", "problem product_not_found"),
            (.delete, "/problems/x", "405 GET, HEAD, OPTIONS"),
            (.get, "/", "404"),
            (.get, "", "405 GET, HEAD, PATCH, POST, PUT, OPTIONS"),
            (.get, "/v2/products/1", "404"),
            (.get, "/V1/targets", "404"),
            (.get, "/v1/targets?x", "404"),
            (.options, "*", "options GET, HEAD, PATCH, POST, PUT, OPTIONS"),
            (.other, "a:80", "405 GET, HEAD, PATCH, POST, PUT, OPTIONS"),
        ])
    func table(method: RequestHead.Method, path: String, expected: String) {
        #expect(Self.describe(method, path) == expected)
    }

    @Test("no path of random bytes traps", arguments: [1, 2] as [UInt64])
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            var path = Array("/v1/products/".utf8)
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                path.append(
                    Bool.random(using: &random)
                        ? UInt8(ascii: "%") : UInt8.random(in: 0...255, using: &random))
            }
            path.withUnsafeBufferPointer { path in
                _ = Route.find(.patch, path: path)
                _ = PercentEncoding.decode(UnsafeBufferPointer(rebasing: path[3...]))
                _ = RequestQuery.parse(UnsafeBufferPointer(rebasing: path[5...]), targetsMax: 3)
            }
        }
    }

    @Test(
        "an id that leads out of its segment, or is no text, is refused for what it is",
        arguments: [
            ("..%2Fadmin", "has a step that is \".\" or \"..\""), ("..%5cadmin", "has a step that is \".\" or \"..\""),
            ("a\\..\\b", "has a step that is \".\" or \"..\""),
            ("%252e%252e%252fa", "has a step that is \".\" or \"..\""),
            ("..", "has a step that is \".\" or \"..\""), ("a%00", "contains a control character"),
            ("a%7f", "contains a control character"),
        ])
    func badID(segment: String, mistake: String) {
        guard
            case .invalidPath(let reason) = Array("/v1/products/\(segment)".utf8).withUnsafeBufferPointer({
                Route.find(.patch, path: $0)
            })
        else {
            Issue.record("\(segment) was taken")
            return
        }
        #expect(reason == "The product id \(mistake).")
    }
}

extension RequestHead.Method {
    /// A method that the gateway has no name for.
    fileprivate static let delete = RequestHead.Method.other
}
