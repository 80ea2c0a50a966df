import Glibc
import Testing

@testable import GatewayPush

@Suite("Lines that failed go into files")
struct FailedLinesTests {
    private static func folder() throws -> String {
        var template = Array("/tmp/failed-lines-XXXXXX".utf8CString)
        return try template.withUnsafeMutableBufferPointer { name in
            let start = try #require(name.baseAddress)
            return String(cString: try #require(mkdtemp(start)))
        }
    }

    private static func text(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [CChar](repeating: 0, count: 1_000)
        let count = fread(&bytes, 1, 999, file)
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func fail(_ path: String, keeps: Bool, _ fates: [(String, LineFate)]) throws {
        let failed = try FailedLines(path: path, keeps: keeps)
        for (line, fate) in fates { failed.append(Array(line.utf8), fate, isCreate: true) }
        failed.append(problem: Array("{}".utf8))
        failed.write()
        #expect(failed.failure == nil)
    }

    @Test("a push that goes on keeps what was refused, and not what it tries again")
    func goesOn() throws {
        let path = try Self.folder() + "/failed"
        defer { for file in FailedLines.paths(of: path) { unlink(file) } }
        try Self.fail(path, keeps: false, [("1", .refused), ("2", .unprocessed), ("3", .unknown)])
        #expect(Self.text(path + ".unprocessed") == "2\n")
        #expect(Self.text(path + ".unknown") == "3\n")
        try Self.fail(path, keeps: true, [("2", .done), ("3", .refused)])
        #expect(Self.text(path) == "1\n3\n")
        #expect(Self.text(path + ".unprocessed") == nil)
        #expect(Self.text(path + ".unknown") == nil)
        #expect(Self.text(path + ".problems") == "{}\n{}\n")
        try Self.fail(path, keeps: false, [])
        #expect(Self.text(path) == "")
        #expect(Self.text(path + ".problems") == "{}\n")
    }
}
