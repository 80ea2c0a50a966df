import Testing

@testable import GatewayHTTP2

@Suite("Memory for libnghttp2")
struct BlockPoolTests {
    @Test("a block that was given back is the next of its size to be handed out")
    func reuse() throws {
        let pool = BlockPool()
        let first = try #require(pool.allocate(100))
        let second = try #require(pool.allocate(100))
        #expect(first != second)
        pool.giveBack(first)
        #expect(pool.freeBytes == 128)
        #expect(pool.allocate(128) == first, "of the same 64 bytes")
        #expect(pool.freeBytes == 0)
        #expect(pool.allocate(65) != first)
        pool.giveBack(first)
        #expect(pool.allocate(64) != first, "of another size")
    }

    @Test(
        "a block is as large as was asked, and aligned for anything",
        arguments: [0, 1, 63, 64, 65, 1023, 1024, 1025, 70_000])
    func size(bytes: Int) throws {
        let pool = BlockPool()
        let block = try #require(pool.allocate(bytes))
        #expect(Int(bitPattern: block) % 16 == 0)
        block.initializeMemory(as: UInt8.self, repeating: 0xAB, count: bytes)
        pool.giveBack(block)
    }

    @Test(
        "a block that grows keeps its bytes",
        arguments: [(10, 40), (40, 500), (500, 5_000), (5_000, 50_000), (5_000, 10)])
    func growth(from: Int, to: Int) throws {
        let pool = BlockPool()
        let block = try #require(pool.allocate(from))
        for index in 0..<from {
            block.storeBytes(of: UInt8(truncatingIfNeeded: index), toByteOffset: index, as: UInt8.self)
        }
        let larger = try #require(pool.resize(block, to: to))
        let kept = (0..<min(from, to)).allSatisfy {
            larger.load(fromByteOffset: $0, as: UInt8.self) == UInt8(truncatingIfNeeded: $0)
        }
        #expect(kept)
        pool.giveBack(larger)
    }

    @Test("what nobody uses is bounded")
    func bound() throws {
        let pool = BlockPool()
        let blocks = try (0..<2_000).map { _ in try #require(pool.allocate(BlockPool.blockBytesMax)) }
        for block in blocks { pool.giveBack(block) }
        #expect(pool.freeBytes == BlockPool.freeBytesMax)
        pool.giveBack(pool.allocate(1_000_000))
        #expect(pool.freeBytes == BlockPool.freeBytesMax, "what is large is never kept")
    }

    @Test("no memory is asked for that cannot be")
    func impossible() {
        let pool = BlockPool()
        #expect(pool.allocate(-1) == nil)
        let memory = pool.memory
        #expect(memory.calloc(Int.max, 2, memory.mem_user_data) == nil)
    }
}
