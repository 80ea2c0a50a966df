import GatewayHTTP
import Testing

@Suite("Who a request is for")
struct AuthorityTests {
    @Test(
        "a host, with or without a port",
        arguments: [
            "localhost", "a.example:8443", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8443", "[2001:db8::1.2.3.4]:1",
            "a_b~c",
            "a%20b", "localhost:", "localhost:0", "localhost:65535",
        ])
    func valid(_ text: String) {
        #expect(Authority.isValid(text))
    }

    @Test(
        "neither a user nor anything else that is no host",
        arguments: [
            "", "user@localhost", "user:secret@localhost", "@localhost", ":80", "localhost:x", "localhost:8x",
            "localhost:-1",
            "localhost:65536", "localhost:99999999999999999999", "localhost:80:80", "local host", "localhost/x",
            "localhost?x",
            "localhost#x", "[", "[]", "[::1", "[::1]x", "[::1]8443", "[::1%25eth0]", "::1", "a\u{0}b", "a\u{7F}b",
            "caf\u{E9}",
        ])
    func invalid(_ text: String) {
        #expect(!Authority.isValid(text))
    }
}
