import Testing

@testable import GatewayProxy

@Suite("The set of a block's lines")
struct LineSetTests {
    @Test("what is in it is in it, at both ends of both words")
    func members() {
        var set = LineSet()
        for member in [0, 63, 64, 127] { set.insert(member) }
        #expect((0..<128).filter(set.contains) == [0, 63, 64, 127])
        #expect(set.count == 4)
        #expect(set.last == 127)
        set.remove(127)
        #expect(set.last == 64)
        set.remove(64)
        #expect(set.last == 63)
        #expect(!set.contains(128) && !set.contains(4096))
        #expect(LineSet().last == nil)
    }

    @Test(
        "it is read back as it was written, in no more bytes than its kind takes",
        arguments: [
            ([], 1), (Array(0..<128), 1), ([5], 3), (Array(0..<14), 16), (Array(0..<15), 17), (Array(1..<128), 3),
            (Array(0..<114), 16), (Array(stride(from: 0, to: 128, by: 2)), 17),
        ])
    func bytes(members: [Int], count: Int) throws {
        var set = LineSet()
        for member in members { set.insert(member) }
        var bytes: [UInt8] = []
        set.append(to: &bytes)
        #expect(bytes.count == count)
        var rest = bytes[...]
        #expect(LineSet(from: &rest) == set)
        #expect(rest.isEmpty)
    }

    @Test("bytes that it has not written are refused", arguments: [[], [9], [2], [2, 3, 1], [2, 1, 128], [4, 1, 2]])
    func refused(bytes: [UInt8]) {
        var rest = bytes[...]
        #expect(LineSet(from: &rest) == nil)
    }
}
