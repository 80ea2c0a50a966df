import GatewayHTTP
import Testing

@Suite("Cache-Control")
struct CacheControlTests {
    @Test(
        "how long an answer is fresh",
        arguments: [
            ("max-age=600", 600), ("public, Max-Age = 60 , must-revalidate", 60), ("max-age=\"5\"", 5), ("no-store", 0),
            ("max-age=600, no-cache", 0), ("", nil), ("public", nil), ("max-age=x", nil), ("max-age", nil),
            ("max-age=99999999999999999999", nil), ("s-maxage=5", nil),
        ] as [(String, Int?)])
    func maxAge(value: String, seconds: Int?) { #expect(CacheControl.maxAge(value) == seconds) }
}
