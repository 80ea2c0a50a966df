import Testing

@testable import GatewayPush

@Suite("Comma-separated values become lines")
struct CSVTests {
    private static func rows(_ text: String, size: Int = 1_000) throws -> [[String]] {
        var reader = CSVReader(bytesMax: 1_000)
        var rows: [[String]] = []
        let take = { (row: CSVReader.Row) throws(PushReadingError) -> Void in
            rows.append(["\(row.line)"] + row.fields.map { String(decoding: $0, as: UTF8.self) })
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try reader.read(bytes[start..<min(start + size, bytes.count)], take)
        }
        try reader.end(take)
        return rows
    }

    @Test("rows and fields, in quotes and not, in pieces of any size", arguments: [1, 2, 5, 1_000])
    func rows(size: Int) throws {
        let text = "\u{FEFF}a,b\r\n1,\"x,\"\"y\"\"\n z\"\n,\n\"\",last"
        #expect(
            try Self.rows(text, size: size)
                == [["1", "a", "b"], ["2", "1", "x,\"y\"\n z"], ["4", "", ""], ["5", "", "last"]])
    }

    @Test("an empty file has no row, and a last line end makes none")
    func ends() throws {
        #expect(try Self.rows("") == [])
        #expect(try Self.rows("a\n") == [["1", "a"]])
        #expect(try Self.rows("a\r\n\r\n") == [["1", "a"], ["2", ""]])
    }

    @Test("what is no CSV is told with its line", arguments: ["a\nb\"c\n", "a\n\"b\"c\n", "a\n\"b\n", "a\nb\rc\n"])
    func mistakes(text: String) {
        let error = #expect(throws: PushReadingError.self) { try Self.rows(text) }
        #expect(error?.line == 2)
    }

    @Test("a row is bounded")
    func bound() {
        #expect(throws: PushReadingError.self) { try Self.rows(String(repeating: "x", count: 1_001)) }
        #expect(throws: PushReadingError.self) { try Self.rows(String(repeating: ",", count: 1_001)) }
    }

    private static func line(_ header: [String], _ fields: [String]) throws -> String? {
        func row(_ line: Int, _ fields: [String]) -> CSVReader.Row {
            CSVReader.Row(line: line, fields: fields.map { Array($0.utf8) })
        }
        return try CSVColumns(row(1, header)).line(row(2, fields)).map { String(decoding: $0.text, as: UTF8.self) }
    }

    @Test("columns are members of the product by their pointers; an empty cell says nothing")
    func columns() throws {
        #expect(
            try Self.line(
                ["id", "name", "billing/costCentre:json", "billing/invoiceVisibility", "sku"],
                ["p\"1", "Näm", "{\"id\": 1}", "x", ""])
                == #"{"id":"p\"1","product":{"name":"Näm","billing":{"costCentre":{"id": 1},"invoiceVisibility":"x"}}}"#
        )
        #expect(
            try Self.line(["op", "name", "tags:json", "gtin"], ["create", "n", "[\n1]", "0042"])
                == #"{"op":"create","product":{"name":"n","tags":[ 1],"gtin":"0042"}}"#)
        #expect(
            try Self.line(["id", "customFields/a~1b:json"], ["", "null"])
                == #"{"product":{"customFields":{"a/b":null}}}"#)
        #expect(
            try Self.line(["id", "/billing/costCentre"], ["1", "x"])
                == #"{"id":"1","product":{"billing":{"costCentre":"x"}}}"#)
        #expect(try Self.line(["id"], [""]) == nil)
    }

    @Test(
        "what would be guessed is refused",
        arguments: [
            (["id", "id"], ["1", "2"]), (["a", "a/b"], ["1", "2"]), (["id:json"], ["1"]), (["id", ""], ["1", "2"]),
            (["id", "a"], ["1"]), (["id", "a:json"], ["1", "x"]), (["id", "a:json"], ["1", "{"]),
            (["id", "/a", "a"], ["1", "2", "3"]), (["sku", "name"], ["1", "2"]), (["id;name"], ["1;x"]),
            (["id\tname"], ["1\tx"]),
        ])
    func refused(header: [String], fields: [String]) {
        #expect(throws: PushReadingError.self) { try Self.line(header, fields) }
    }
}
