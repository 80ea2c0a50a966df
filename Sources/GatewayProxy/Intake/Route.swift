import GatewayHTTP
import GatewayTranslation
import Glibc

/// What a caller asks for.
enum Route: Equatable {
    case update(id: [UInt8])
    case create
    /// A stream of updates.
    case stream
    /// What is kept of a stream with this key.
    case streamRecord(key: [UInt8])
    case read(id: [UInt8])
    case targets
    case target(name: String)
    case openAPI
    case productSchema
    case problem(code: String)

    /// The methods of the same path, for `Allow`.
    private enum Methods {
        static let product: StaticString = "GET, HEAD, PATCH, PUT, OPTIONS"
        static let products: StaticString = "POST, OPTIONS"
        static let reading: StaticString = "GET, HEAD, OPTIONS"
    }

    /// What the gateway takes anywhere.
    static let allMethods: StaticString = "GET, HEAD, PATCH, POST, PUT, OPTIONS"

    /// What came of finding a route.
    enum Finding {
        case route(Route)
        /// OPTIONS on a path that exists.
        case options(allow: StaticString, accepted: Answer.Accepted = [])
        case methodNotAllowed(allow: StaticString)
        case notFound
        case invalidPath(reason: String)
    }

    /// Finds the route of a path without its query.
    static func find(_ method: RequestHead.Method, path: UnsafeBufferPointer<UInt8>) -> Finding {
        guard path.first == UInt8(ascii: "/") else {
            // `*` is the gateway as a whole (RFC 9110 section 9.3.7); CONNECT names no path at all.
            return method == .options ? .options(allow: self.allMethods) : .methodNotAllowed(allow: self.allMethods)
        }
        if let rest = path.removingPrefix("/v1/products/") {
            return Self.product(method, segment: rest)
        }
        if path.elementsEqual("/v1/products".utf8) {
            switch method {
            case .post: return .route(.create)
            case .options: return .options(allow: Methods.products)
            default: return .methodNotAllowed(allow: Methods.products)
            }
        }
        if path.elementsEqual("/v1/bulk".utf8) {
            switch method {
            case .post: return .route(.stream)
            case .options: return .options(allow: Methods.products)
            default: return .methodNotAllowed(allow: Methods.products)
            }
        }
        if let segment = path.removingPrefix("/v1/bulk/"), Self.key(segment) == nil {
            return .invalidPath(reason: "The path of a stream ends with its Idempotency-Key, percent-encoded.")
        }
        guard let route = Self.reading(path) else { return .notFound }
        switch method {
        case .get, .head: return .route(route)
        case .options: return .options(allow: Methods.reading)
        default: return .methodNotAllowed(allow: Methods.reading)
        }
    }

    private static func product(
        _ method: RequestHead.Method, segment: UnsafeBufferPointer<UInt8>
    ) -> Finding {
        guard !segment.isEmpty else { return .notFound }
        guard segment.position(of: UInt8(ascii: "/")) == nil else {
            return .invalidPath(
                reason: "The product id must be one path segment; write a slash within an id as %2F.")
        }
        switch method {
        case .put, .patch, .get, .head: break
        case .options: return .options(allow: Methods.product, accepted: .patches)
        default: return .methodNotAllowed(allow: Methods.product)
        }
        // No part of a request's target (RFC 9112 section 3.2): who sends it means something else than an id with it.
        guard segment.position(of: UInt8(ascii: "#")) == nil else {
            return .invalidPath(reason: "The path has a fragment; write # within an id as %23.")
        }
        guard let id = PercentEncoding.decode(segment, takes: .controls), !id.isEmpty else {
            return .invalidPath(reason: "The product id in the path is not valid percent-encoded UTF-8.")
        }
        // Where nothing was encoded, there is no slash in it and nothing that could become one.
        let isPlain = id.count == segment.count && segment.position(of: UInt8(ascii: "\\")) == nil
        if !isPlain || id.count <= 2, let mistake = ProductID.mistake(in: id) {
            return .invalidPath(reason: "The product id \(mistake).")
        }
        return .route(method == .get || method == .head ? .read(id: id) : .update(id: id))
    }

    /// An idempotency key in a path: its text, which may have spaces, or the text in quotes.
    private static func key(_ segment: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let text = PercentEncoding.decode(segment, takes: []) else { return nil }
        if case .key(let key) = text.withUnsafeBufferPointer({ IdempotencyKey($0) }) { return key }
        let isText = text.first != UInt8(ascii: "\"") && text.allSatisfy { (0x20...0x7E).contains($0) }
        return isText && (1...IdempotencyKey.lengthMax).contains(text.count) ? text : nil
    }

    private static func reading(_ path: UnsafeBufferPointer<UInt8>) -> Route? {
        if path.elementsEqual("/v1/targets".utf8) { return .targets }
        if path.elementsEqual("/openapi.json".utf8) { return .openAPI }
        if path.elementsEqual("/v1/schemas/product-update.json".utf8) { return .productSchema }
        if let key = path.removingPrefix("/v1/bulk/").flatMap(Self.key) { return .streamRecord(key: key) }
        if let name = path.removingPrefix("/v1/targets/"), let text = PercentEncoding.decode(name, takes: []) {
            return .target(name: String(decoding: text, as: UTF8.self))
        }
        if let code = path.removingPrefix("/problems/") {
            return .problem(code: String(decoding: code, as: UTF8.self))
        }
        return nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Where `byte` is for the first time.
    func position(of byte: UInt8) -> Int? {
        guard let start = self.baseAddress, let found = memchr(start, Int32(byte), self.count) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(start)
    }

    /// What follows `prefix`, if it is there.
    fileprivate func removingPrefix(_ prefix: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let length = prefix.utf8CodeUnitCount
        guard self.count >= length, prefix.spells(UnsafeBufferPointer(rebasing: self[..<length])) else { return nil }
        return UnsafeBufferPointer(rebasing: self[length...])
    }
}
