import Testing

@testable import GatewayJSON

@Suite("A text that is parsed in slices")
struct JSONSlicedParseTests {
    private static let texts = [
        "1", " [ ] ", "{}", "[1,2,3]", #"{"a":1,"b":[true,null,{"c":"d"}],"e":{}}"#, "[[[[]]],[[]],[]]",
        #"{"a":{"a":{"a":[{"a":"\u00e9"},{"b":-1.5e3}]}}}"#, #" { "x" : [ 1 , 2 ] , "y" : "z" } "#,
        "[\"é\",\"\u{1F600}\"]",
        // None.
        "", " ", "[1,]", #"{"a":1,"a":2}"#, "[1 2]", "[1", #"{"a"}"#, "nul", "[[[[[[]]]]]]", "[1]x",
        #"{"a":[1,2],"a":3}"#,
    ]

    private static func entries(_ view: JSONView) -> [String] {
        (0..<view.count).map { index in
            let entry = view[index]
            return "\(entry.kind) \(entry.start) \(entry.end) \(entry.link) \(entry.isEscaped)"
        }
    }

    @Test("is what it is when it is parsed at once, however large the slices are", arguments: Self.texts)
    func same(text: String) throws {
        let limits = JSONLimits(bytesMax: 1_000, depthMax: 5)
        let bytes = Array(text.utf8)
        let tape = JSONTape()
        let expected = bytes.withUnsafeBufferPointer { (try? tape.parse($0, limits: limits)).map(Self.entries) }
        for entriesMax in [1, 2, 3, 5, 100] {
            var slices = 0
            var made = bytes.withUnsafeBufferPointer { JSONSlicedParse(of: $0, limits: limits) }
            while let parse = made {
                slices += 1
                // Wherever the text is: it may be moved between the slices.
                let copy = bytes + []
                guard copy.withUnsafeBufferPointer({ parse.advance($0, entriesMax: entriesMax) }) == .unfinished else {
                    break
                }
                if slices > 100 { made = nil }
            }
            let result = bytes.withUnsafeBufferPointer { made?.view(of: $0).map(Self.entries) }
            #expect(result == expected, "\(text) in slices of \(entriesMax)")
            if entriesMax == 2, let expected { #expect(slices >= expected.count / 2) }
        }
    }

    @Test("grows beyond the tape's beginning, and is bounded in each slice")
    func large() throws {
        let bytes = Array("[\((0..<50_000).map { "{\"n\":\($0)}" }.joined(separator: ","))]".utf8)
        let limits = JSONLimits.file
        let parse = try #require(bytes.withUnsafeBufferPointer { JSONSlicedParse(of: $0, limits: limits) })
        var slices = 0
        while bytes.withUnsafeBufferPointer({ parse.advance($0, entriesMax: 1_000) }) == .unfinished { slices += 1 }
        #expect(parse.progress == .parsed && (150...170).contains(slices))
        let count = bytes.withUnsafeBufferPointer { parse.view(of: $0)?.count }
        #expect(count == 150_001)
        #expect(parse.byteCount >= 150_001 * 16)
    }

    @Test("of which the text has changed its length is none, and so is one that is too long")
    func changed() throws {
        let bytes = Array("[1,2,3,4,5]".utf8)
        let parse = try #require(bytes.withUnsafeBufferPointer { JSONSlicedParse(of: $0, limits: .exchange) })
        #expect(bytes.withUnsafeBufferPointer { parse.advance($0, entriesMax: 2) } == .unfinished)
        #expect(bytes.dropLast().withUnsafeBufferPointer { parse.advance($0, entriesMax: 2) } == .failed)
        let long = try #require(
            bytes.withUnsafeBufferPointer { JSONSlicedParse(of: $0, limits: JSONLimits(bytesMax: 5, depthMax: 5)) })
        #expect(bytes.withUnsafeBufferPointer { long.advance($0, entriesMax: 2) } == .failed)
        #expect(bytes.withUnsafeBufferPointer { long.view(of: $0) } == nil)
    }
}
