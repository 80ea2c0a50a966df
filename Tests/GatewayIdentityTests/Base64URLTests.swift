import Testing

@testable import GatewayIdentity

@Suite("Base64 of URLs")
struct Base64URLTests {
    @Test(
        "bytes and their text",
        arguments: [([], ""), ([0], "AA"), ([0xFB, 0xFF], "-_8"), (Array("foob".utf8), "Zm9vYg")])
    func both(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == Array(text.utf8))
        #expect(Base64URL.decode(Array(text.utf8)) == bytes)
    }

    @Test(
        "only one text stands for the same bytes",
        arguments: ["A", "AB", "AA==", "AA ", "A A", "+_8", "-/8", "Zm9vY", "Zm9vYh", "Zm9v\n", "AAB", "é"])
    func strict(text: String) {
        #expect(Base64URL.decode(Array(text.utf8)) == nil)
    }
}
