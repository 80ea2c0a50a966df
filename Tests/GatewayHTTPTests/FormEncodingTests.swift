import GatewayHTTP
import Testing

@Suite("Forms")
struct FormEncodingTests {
    @Test("unreserved characters stay, blanks become plus signs, all else is escaped")
    func encode() {
        let all = String(decoding: (0x20...0x7E).map { UInt8($0) }, as: UTF8.self)
        let encoded = FormEncoding.encode([("q", Array(all.utf8))])
        #expect(
            String(decoding: encoded, as: UTF8.self)
                == "q=+%21%22%23%24%25%26%27%28%29*%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F%40"
                + "ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E")
    }

    @Test("pairs are joined in their order, names are escaped too, bytes need not be text")
    func pairs() {
        #expect(FormEncoding.encode([]) == [])
        #expect(
            String(decoding: FormEncoding.encode([("a b", []), ("&", [0xFF, 0x00])]), as: UTF8.self)
                == "a+b=&%26=%FF%00")
    }
}
