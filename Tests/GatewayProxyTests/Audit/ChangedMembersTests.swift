import GatewayJSON
import Testing

@testable import GatewayProxy

@Suite("What a line of the audit says of a change")
struct ChangedMembersTests {
    private static func changed(_ body: String) throws -> (pointers: [String], further: Int) {
        let document = try JSONDocument(parsing: body)
        return try #require(
            document.withView { view in
                let changed = ChangedMembers(of: view)
                return (changed.pointers, changed.further)
            })
    }

    private static func members(_ count: Int, named prefix: String = "m") -> String {
        (0..<count).map { #""\#(prefix)\#($0)":1"# }.joined(separator: ",")
    }

    @Test(
        "each member that is set is named, never a value",
        arguments: [
            (#"{"name":"x","customFields":{"a~b":1}}"#, ["/name", "/customFields/a~0b"]),
            (#"{"billing":{"taxGroup":{"id":"1"}},"name":null}"#, ["/billing/taxGroup/id", "/name"]),
            (#"{"customFields":{},"media":[{"url":"x"}]}"#, ["/customFields", "/media"]), ("{}", []),
        ])
    func all(body: String, pointers: [String]) throws {
        let changed = try Self.changed(body)
        #expect(changed.pointers == pointers)
        #expect(changed.further == 0)
    }

    @Test("members of the product are there however many another one has")
    func breadthFirst() throws {
        let changed = try Self.changed(
            #"{"vendorFields":{"cor":{\#(Self.members(5000))}},"billing":{"taxGroup":{"id":1}},"sku":"x"}"#)
        #expect(changed.pointers.contains("/sku"))
        #expect(changed.pointers.contains("/billing/taxGroup/id"))
        #expect(changed.pointers.contains("/vendorFields/cor/m0"))
        #expect(changed.pointers.count <= ChangedMembers.pointersMax)
        #expect(changed.pointers.count + changed.further == 5002)
    }

    @Test("an object that there is no room for stands for what is in it")
    func noRoom() throws {
        let objects = (0..<99).map { #""o\#($0)":{\#(Self.members(3))}"# }.joined(separator: ",")
        let changed = try Self.changed("{\(objects)}")
        #expect(changed.further == 0)
        for number in 0..<99 {
            #expect(changed.pointers.contains { $0 == "/o\(number)" || $0.hasPrefix("/o\(number)/") })
        }
    }

    @Test("long names are cut and still told apart, and what is too deep is named by what holds it")
    func longNames() throws {
        let name = String(repeating: "é", count: 50_000)
        let changed = try Self.changed(#"{"vendorFields":{"\#(name)1":{\#(Self.members(60))},"\#(name)2":1}}"#)
        #expect(Set(changed.pointers).count == changed.pointers.count)
        #expect(changed.pointers.allSatisfy { $0.utf8.count <= JSONPointer.bytesMax })
        let deep = String(repeating: #"{"abcdefghij":"#, count: 60) + "1" + String(repeating: "}", count: 60)
        let pointers = try Self.changed(deep).pointers
        #expect(pointers.count == 1)
        #expect(pointers[0].utf8.count <= JSONPointer.bytesMax)
    }

    @Test("names of nothing but control characters take no more room than others")
    func controlCharacters() throws {
        let name = String(repeating: #"\u0001"#, count: 128)
        let members = (0..<100).map { #""\#(name)\#($0)":1"# }.joined(separator: ",")
        let changed = try Self.changed("{\(members)}")
        var writer = JSONWriter()
        writer.beginArray()
        for pointer in changed.pointers { writer.string(pointer) }
        writer.endArray()
        #expect(writer.bytes.count <= ChangedMembers.bytesMax + 2)
        #expect(changed.pointers.count + changed.further == 100)
    }
}
