import FoundationEssentials
import GatewayHTTP
import GatewayJSON
import GatewayTranslation

/// What to ask a vendor's token endpoint, and how to read what it says (RFC 6749 section 4.4).
///
/// Holds the client's secret: never print one.
struct OAuth2TokenRequest: Sendable, Hashable, CustomStringConvertible {
    /// The ways the vendors want it.
    enum Style: Sendable {
        /// Client and secret in a form (Elastic Path).
        case form
        /// A form, client and secret as HTTP Basic (RFC 6749 section 2.3.1).
        case formAndBasic
        /// `grant_type` in the query, client and secret as HTTP Basic, no body (COR).
        case queryAndBasic
        /// Client and secret in a JSON object.
        case json
        /// A JSON object, client and secret as HTTP Basic (Akeneo).
        case jsonAndBasic

        fileprivate var isBasic: Bool { self == .formAndBasic || self == .queryAndBasic || self == .jsonAndBasic }
    }

    /// A user whose password grants access (RFC 6749 section 4.3).
    struct User: Sendable, Hashable {
        let name: [UInt8]
        let password: [UInt8]
    }

    let style: Style
    /// The endpoint's path, with its query if it has one.
    let path: [UInt8]
    let clientID: [UInt8]
    let clientSecret: [UInt8]
    let scope: String?
    /// Nil for the client's own credentials.
    var user: User?

    var description: String { "OAuth2TokenRequest" }

    func makeRequest(requestID: RequestID) -> UpstreamRequest {
        var headers = [(name: "accept", value: "application/json")]
        var path = self.path
        var body: [UInt8] = []
        switch self.style {
        case .form, .formAndBasic:
            headers.append(("content-type", "application/x-www-form-urlencoded"))
            body = FormEncoding.encode(self.grant)
        case .queryAndBasic:
            path += [UInt8(ascii: self.path.contains(UInt8(ascii: "?")) ? "&" : "?")] + FormEncoding.encode(self.grant)
        case .json, .jsonAndBasic:
            headers.append(("content-type", "application/json"))
            body = Self.json(self.grant)
        }
        return UpstreamRequest(
            content: VendorRequest(method: "POST", path: path, headers: headers, body: body),
            authorization: self.style.isBasic ? Self.basic(self.clientID, self.clientSecret) : nil,
            requestID: requestID)
    }

    /// What is asked, in the order of the RFC.
    private var grant: [(String, [UInt8])] {
        var grant: [(String, [UInt8])] = [
            ("grant_type", Array((self.user == nil ? "client_credentials" : "password").utf8))
        ]
        if let user = self.user { grant += [("username", user.name), ("password", user.password)] }
        if let scope = self.scope { grant.append(("scope", Array(scope.utf8))) }
        if !self.style.isBasic { grant += [("client_id", self.clientID), ("client_secret", self.clientSecret)] }
        return grant
    }

    private static func json(_ grant: [(String, [UInt8])]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in grant { writer.member(name, String(decoding: value, as: UTF8.self)) }
        }
        return writer.bytes
    }

    /// The value of `authorization` for a user and a password (RFC 7617).
    static func basic(_ user: [UInt8], _ password: [UInt8]) -> [UInt8] {
        Array("Basic ".utf8) + Data(user + [UInt8(ascii: ":")] + password).base64EncodedData()
    }

    /// Reads the endpoint's answer.
    ///
    /// Both documented shapes are taken: the members at the top, and within `data` (Elastic Path's older
    /// specification).
    func read(_ answer: VendorAnswer) -> Result<(token: [UInt8], lifetimeSeconds: UInt64), TokenFailure> {
        switch answer.status {
        case 200, 201: break
        case 400, 401, 403: return .failure(.rejected(status: answer.status))
        default: return .failure(.vendorError(status: answer.status))
        }
        guard answer.body.count <= Self.answerBytesMax else {
            return .failure(.unintelligible(reason: "the token answer is too long"))
        }
        guard let document = try? JSONDocument(parsing: answer.body) else {
            return .failure(.unintelligible(reason: "the token answer is not JSON"))
        }
        let root = document.root["access_token"] == nil ? document.root["data"] : document.root
        guard let token = root?["access_token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            return .failure(.unintelligible(reason: "the token answer has no usable access_token"))
        }
        guard token.utf8.count <= Self.tokenBytesMax else {
            return .failure(.unintelligible(reason: "the access_token is too long to be sent"))
        }
        if let type = root?["token_type"]?.string, type.lowercased() != "bearer" {
            return .failure(.unintelligible(reason: "the token is no bearer token"))
        }
        // RFC 6749 section 5.1 only recommends `expires_in`; an hour is what both vendors use.
        let lifetime = root?["expires_in"].flatMap(Self.wholeSeconds) ?? 3600
        guard lifetime > 0 else {
            return .failure(.unintelligible(reason: "the token is expired already"))
        }
        return .success((Array(token.utf8), UInt64(lifetime)))
    }

    /// It goes into the fields of every request: most servers take 8 to 16 KiB of them, so that a longer one would be
    /// refused with each, while the longest in use, with all of a user's claims in them, have some KiB.
    static let tokenBytesMax = 16 * 1024
    /// Room for a few tokens of that length and what is said of them; megabytes would keep an event loop for a second.
    private static let answerBytesMax = 128 * 1024

    /// The seconds of `expires_in`, a number by RFC 6749. Some servers write it as a text, or with a fraction, which is
    /// left out. Nil where it is neither.
    private static func wholeSeconds(_ value: JSONNode) -> Int? {
        let text = value.string ?? (value.kind == .number ? String(decoding: value.rawBytes, as: UTF8.self) : "")
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ Int($0) }),
            parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return whole
    }
}
