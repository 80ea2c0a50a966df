import Testing

@testable import GatewayConfiguration

@Suite("Durations, sizes and URLs")
struct ValueTests {
    @Test(
        "durations are whole numbers with a unit",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("2s", .seconds(2)), ("1m", .seconds(60)),
            ("2h", .seconds(7200)), ("0s", .zero), ("090s", .seconds(90)),
            ("999999999h", .seconds(999_999_999 * 3600)),
        ])
    func durations(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "other texts are no durations",
        arguments: ["", "5", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1S", "1sec", "1m30s", "١s", "9999999999s"])
    func notDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        "a duration is written with the largest unit that fits",
        arguments: [
            (Duration.milliseconds(1500), "1500ms"), (.seconds(60), "1m"), (.seconds(90), "90s"),
            (.seconds(7200), "2h"), (.zero, "0s"),
        ])
    func durationText(duration: Duration, text: String) {
        #expect(DurationText.text(duration) == text)
    }

    @Test("a duration beyond Int64 milliseconds is held at the end")
    func hugeDuration() {
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMilliseconds == .min)
    }

    @Test(
        "sizes are bytes or binary units",
        arguments: [
            ("1B", 1), ("64KiB", 65536), ("1MiB", 1 << 20), ("2GiB", 2 << 30),
            ("999999999GiB", 999_999_999 << 30),
        ])
    func sizes(text: String, bytes: Int) {
        #expect(ByteCount.parse(text) == bytes)
    }

    @Test("other texts are no sizes", arguments: ["", "1", "MiB", "1MB", "1mib", "1.5MiB", "-1B", "1 KiB"])
    func notSizes(text: String) {
        #expect(ByteCount.parse(text) == nil)
    }

    @Test(
        "a URL comes apart into what a request needs",
        arguments: [
            ("https://api.example", "api.example", 443, "", "api.example"),
            ("HTTPS://API.Example:443/", "api.example", 443, "/", "api.example"),
            ("http://a-b.example:8080/public/v1", "a-b.example", 8080, "/public/v1", "a-b.example:8080"),
            ("http://127.0.0.1", "127.0.0.1", 80, "", "127.0.0.1"),
            ("https://[2001:DB8::1]:8443/x%20y", "2001:db8::1", 8443, "/x%20y", "[2001:db8::1]:8443"),
            ("http://my_service", "my_service", 80, "", "my_service"),
        ])
    func urls(text: String, host: String, port: Int, path: String, authority: String) throws {
        let url = try HTTPURL(parsing: text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.authority == authority)
    }

    @Test(
        "other URLs are refused for their reason",
        arguments: [
            ("", HTTPURL.ParsingError.scheme), ("ftp://a.example", .scheme), ("//a.example", .scheme),
            ("a.example", .scheme), ("https:/a.example", .scheme),
            ("https://user@a.example", .userInfo), ("https://user:pw@a.example/", .userInfo),
            ("https://a.example?x=1", .query), ("https://a.example/p?x", .query),
            ("https://a.example#f", .fragment), ("https://a.example/p#", .fragment),
            ("https://", .host), ("https:///p", .host), ("https://:80", .host),
            ("https://a b.example", .host), ("https://münchen.example", .host),
            ("https://1.2.3.400", .host), ("https://[::1", .host), ("https://[1.2.3.4]", .host),
            ("https://a..example", .host), ("https://-a.example", .host),
            ("https://a.example:", .port), ("https://a.example:0", .port),
            ("https://a.example:65536", .port), ("https://a.example:8x", .port),
            ("https://a.example:99999999999999999999", .port), ("https://[::1]x", .port),
            ("https://a.example/a b", .path), ("https://a.example/%", .path),
            ("https://a.example/%2", .path), ("https://a.example/%zz", .path),
            ("https://a.example/é", .path), ("https://a.example/\u{0}", .path),
        ])
    func notURLs(text: String, reason: HTTPURL.ParsingError) {
        #expect(throws: reason) { try HTTPURL(parsing: text) }
    }

    @Test("a base URL loses the slash behind it")
    func baseURLWithoutSlash() throws {
        let text = configuration(target: "").replacing(
            "https://vendor.example", with: "https://vendor.example/public//")
        let result = Machine().load(text)
        #expect(result.configuration?.targets["cor"]?.baseURL.description == "https://vendor.example/public")
    }

    @Test("a token URL that is a path stands on the host of the base URL, without its path")
    func tokenURL() throws {
        let base = try HTTPURL(parsing: "https://a.example:8443/public")
        let other = try HTTPURL(parsing: "https://b.example/token")
        #expect(TokenURL.path("/oauth/t").url(on: base).description == "https://a.example:8443/oauth/t")
        #expect(TokenURL.absolute(other).url(on: base) == other)
    }

    @Test(
        "loopback is recognised by its spelling",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("localhost", true),
            ("127.example", false), ("0.0.0.0", false), ("::", false), ("localhost.example", false),
        ])
    func loopback(host: String, isLoopback: Bool) {
        #expect(HTTPURL.isLoopback(host: host) == isLoopback)
    }
}
