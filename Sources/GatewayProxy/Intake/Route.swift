import GatewayTranslation
import Glibc

/// What a caller asks for.
enum Route: Equatable {
    case update(id: [UInt8])
    case create
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
        guard let id = PercentEncoding.decode(segment), !id.isEmpty else {
            return .invalidPath(reason: "The product id in the path is not valid percent-encoded UTF-8.")
        }
        guard id.count > 2 || !id.allSatisfy({ $0 == UInt8(ascii: ".") }) else {
            // Vendors and what stands before them would take these for steps in the path (RFC 3986 section 5.2.4).
            return .invalidPath(reason: "A product id cannot be \".\" or \"..\".")
        }
        return .route(method == .get || method == .head ? .read(id: id) : .update(id: id))
    }

    private static func reading(_ path: UnsafeBufferPointer<UInt8>) -> Route? {
        if path.elementsEqual("/v1/targets".utf8) { return .targets }
        if path.elementsEqual("/openapi.json".utf8) { return .openAPI }
        if path.elementsEqual("/v1/schemas/product-update.json".utf8) { return .productSchema }
        if let name = path.removingPrefix("/v1/targets/"), let text = PercentEncoding.decode(name) {
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

/// Percent-encoding of one path segment or query value (RFC 3986 section 2.1).
enum PercentEncoding {
    /// The bytes; `nil` for a bad escape, for a control character, and for what is not UTF-8.
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        if self.isPlain(text) { return Array(text) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            var byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard text.endIndex - index > 2, let high = Self.digit(text[index + 1]),
                    let low = Self.digit(text[index + 2])
                else { return nil }
                byte = high << 4 | low
                index += 2
            }
            guard byte >= 0x20, byte != 0x7F else { return nil }
            decoded.append(byte)
            index += 1
        }
        guard decoded.allSatisfy({ $0 < 0x80 }) || String(validating: decoded, as: UTF8.self) != nil
        else { return nil }
        return decoded
    }

    /// Nothing to decode, nothing to refuse: nearly every id.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones << 7
        var others: UInt64 = 0
        var position = 0
        let bytes = UnsafeRawBufferPointer(text)
        // Eight at a time: a byte that is too small has its highest bit in the difference and not in itself. Borrows
        // can only make a byte look like one that is to be decoded.
        while position + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            others |= word | (word &- ones &* 0x20)
            others |= (word ^ ones &* 0x7F) &- ones
            others |= (word ^ ones &* UInt64(UInt8(ascii: "%"))) &- ones
            position += 8
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "%") { return false }
            position += 1
        }
        return others & high == 0
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
