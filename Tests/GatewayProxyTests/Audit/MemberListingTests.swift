import GatewayJSON
import Testing

@testable import GatewayProxy

@Suite("The pointers in a line of the audit")
struct MemberListingTests {
    private static func listed(_ body: String) throws -> [String] {
        let document = try JSONDocument(parsing: body)
        var bytes: [UInt8] = []
        _ = document.withView { view in
            JSONOutput.append(to: &bytes, expecting: 256) { MemberListing.write(view, to: &$0) }
        }
        let list = try JSONDocument(parsing: String(decoding: bytes, as: UTF8.self))
        return try #require(
            list.withView { view in
                var pointers: [String] = []
                var index = 1
                while index < view.next(after: 0) {
                    pointers.append(view.string(view[index]))
                    index = view.next(after: index)
                }
                return pointers
            })
    }

    private static func chosen(_ body: String) throws -> [String] {
        try #require(
            try JSONDocument(parsing: body).withView { view in
                let changed = ChangedMembers(of: view)
                return changed.pointers + (changed.further > 0 ? ["and \(changed.further) more"] : [])
            })
    }

    private static func members(_ count: Int, named prefix: String = "m") -> String {
        (0..<count).map { #""\#(prefix)\#($0)":1"# }.joined(separator: ",")
    }

    @Test(
        "all are there while there is room, and then those that are chosen",
        arguments: [
            "{}", #"{"name":"x","customFields":{"a~b":1,"c/d":{}},"media":[{"url":"x"}]}"#,
            #"{"billing":{"taxGroup":{"id":"1"}},"name":null,"translations":{"fr-FR":{"name":"x"},"de":{"name":"y"}}}"#,
            #"{"quo\"te":1,"tab\tin":{"new\nline":2},"\u0001":3,"é":{"漢":4}}"#,
            #"{"\#(String(repeating: "long", count: 40))":{"x":1},"\#(String(repeating: "é", count: 64))":2}"#,
            "{\(members(ChangedMembers.pointersMax))}", "{\(members(ChangedMembers.pointersMax + 1))}",
            #"{"vendorFields":{"cor":{\#(members(5000))}},"billing":{"taxGroup":{"id":1}},"sku":"x"}"#,
            "{\((0..<99).map { #""o\#($0)":{\#(members(3))}"# }.joined(separator: ","))}",
            String(repeating: #"{"abcdefghij":"#, count: 60) + "1" + String(repeating: "}", count: 60),
            "{\((0..<100).map { #""\#(String(repeating: #"\u0001"#, count: 128))\#($0)":1"# }.joined(separator: ","))}",
        ])
    func asChosen(body: String) throws {
        #expect(try Self.listed(body) == Self.chosen(body))
    }
}
