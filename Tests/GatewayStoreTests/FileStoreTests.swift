import Glibc
import Synchronization
import Testing

@testable import GatewayStore

@Suite("Records in a file")
struct FileStoreTests {
    /// A folder of a test's own, gone with it.
    private final class Folder {
        let path: String

        init() throws {
            let variable: UnsafeMutablePointer<CChar>? = getenv("TMPDIR")
            let folder = variable.map { String(cString: $0) } ?? "/tmp"
            var template = Array("\(folder)/keys-XXXXXX".utf8CString)
            self.path = try template.withUnsafeMutableBufferPointer { buffer in
                let base = try #require(buffer.baseAddress)
                return String(cString: try #require(mkdtemp(base)))
            }
        }

        var file: String { "\(self.path)/keys.sqlite" }

        deinit {
            for name in ["keys.sqlite", "keys.sqlite-wal", "keys.sqlite-shm", "keys.sqlite-lock"] {
                unlink("\(self.path)/\(name)")
            }
            rmdir(self.path)
        }

        func write(_ bytes: [UInt8]) {
            guard let file = fopen(self.file, "w") else { return }
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }

        /// Opens the store and waits until it serves, or has failed.
        func open(bytesPerCaller: Int = 1 << 24) async -> StoreUnderTest {
            let store = FileStore(path: self.file, bytesPerCaller: bytesPerCaller) { _ in }
            for _ in 0..<1000 where store.failure == .unavailable(reason: "it is being opened") {
                try? await Task.sleep(for: .milliseconds(5))
            }
            return StoreUnderTest(store: store)
        }
    }

    @Test("do what every store does")
    func contract() async throws {
        let folder = try Folder()
        let store = await folder.open()
        await StoreContract.all(store)
        store.store.close()
    }

    @Test("outlive the process: what is done is replayed, and leases of an earlier process are void")
    func outlive() async throws {
        let folder = try Folder()
        let first = await folder.open()
        let done = KeyClaim.by("r1", key: 1)
        let sending = KeyClaim.by("r2", key: 2)
        let claimed = KeyClaim.by("r3", key: 3)
        for claim in [done, sending, claimed] { _ = await first.claim(claim) }
        _ = await first.advance(sending)
        _ = await first.settle(done, .done([1, 2]))
        first.store.close()

        let second = await folder.open()
        guard case .done(let kept) = await second.claim(.by("r4", key: 1)) else {
            Issue.record("it is kept")
            return
        }
        #expect(kept["a"]?.answer == [1, 2] && kept.requestID == "r1")
        guard case .owned(let earlier?) = await second.claim(.by("r5", key: 2)) else {
            Issue.record("it is taken over at once")
            return
        }
        #expect(earlier["a"]?.stage == .sending)
        guard case .owned(let unsent?) = await second.claim(.by("r6", key: 3)) else {
            Issue.record("it is taken over at once")
            return
        }
        #expect(unsent["a"]?.stage == .claimed)
        #expect(await second.settle(sending, .done([3])) == .lost)
        second.store.close()
    }

    @Test("a second gateway waits for the first one's end")
    func twoProcesses() async throws {
        let folder = try Folder()
        let first = await folder.open()
        let second = await folder.open()
        guard case .failed(.unavailable(let reason)) = await second.claim(.by("r", key: 1)) else {
            Issue.record("the file is the first one's")
            return
        }
        #expect(reason.contains("another gateway"))
        first.store.close()
        for _ in 0..<1000 where second.store.failure != nil { try? await Task.sleep(for: .milliseconds(5)) }
        #expect(await second.claim(.by("r", key: 1)) == .owned(earlier: nil))
        second.store.close()
    }

    @Test("the room of callers is counted on over a restart, and comes back with the retention's end")
    func room() async throws {
        let folder = try Folder()
        let first = await folder.open(bytesPerCaller: 900)
        #expect(await first.claim(.by("r", key: 1, retention: 3600)) == .owned(earlier: nil))
        #expect(await first.claim(.by("r", key: 2, retention: 3600)) == .owned(earlier: nil))
        #expect(await first.claim(.by("r", key: 3)) == .failed(.callerFull))
        first.store.close()
        let second = await folder.open(bytesPerCaller: 900)
        #expect(await second.claim(.by("r", key: 3)) == .failed(.callerFull))
        #expect(await second.claim(.by("r", key: 3, scope: "other")) == .owned(earlier: nil))
        // That clears away what has expired; the next one finds the room.
        _ = await second.claim(.by("r", key: 3), at: 3601)
        #expect(await second.claim(.by("r", key: 4), at: 3601) == .owned(earlier: nil))
        second.store.close()
    }

    @Test(
        "a file that is none of ours, or is broken, is left as it is, and keys are refused", arguments: [true, false])
    func foreign(isText: Bool) async throws {
        let folder = try Folder()
        let bytes: [UInt8]
        if isText {
            bytes = Array("not a database, but somebody's notes".utf8) + [UInt8](repeating: 0x20, count: 1000)
        } else {
            let store = await folder.open()
            _ = await store.claim(.by("r", key: 1))
            store.store.close()
            bytes = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0xFF, count: 5000)
        }
        folder.write(bytes)
        let store = await folder.open()
        guard case .failed(.unavailable) = await store.claim(.by("r", key: 1)) else {
            Issue.record("such a file cannot be used")
            return
        }
        store.store.close()
        let file = try #require(fopen(folder.file, "r"))
        defer { fclose(file) }
        var read = [UInt8](repeating: 0, count: bytes.count + 1)
        let count = fread(&read, 1, read.count, file)
        #expect(Array(read.prefix(count)) == bytes)
    }

    @Test("a file of a newer version, or of another program, is refused in so many words")
    func versions() async throws {
        let folder = try Folder()
        let first = await folder.open()
        first.store.close()
        try SQLiteDatabase(path: folder.file).execute("PRAGMA user_version = 99")
        let newer = await folder.open()
        #expect("\(String(describing: newer.store.failure))".contains("newer gateway"))
        newer.store.close()
        try SQLiteDatabase(path: folder.file).execute("PRAGMA user_version = 1; PRAGMA application_id = 7")
        let other = await folder.open()
        #expect("\(String(describing: other.store.failure))".contains("another program"))
        other.store.close()
    }

    @Test("a disk that is full refuses what does not fit, keeps what does, and goes on when there is room")
    func full() async throws {
        let folder = try Folder()
        let first = await folder.open()
        let kept = KeyClaim.by("r1", key: 1)
        _ = await first.claim(kept)
        _ = await first.settle(kept, .done([7]))
        first.store.close()
        // A page more than there is.
        let pages = try SQLiteDatabase(path: folder.file).number("PRAGMA page_count")
        let file = try RecordFile(path: folder.file, bytesPerCaller: 1 << 24, pagesMax: pages + 4)
        let large = KeyClaim.by("r2", key: 2)
        try file.begin()
        _ = try file.claim(large, at: .seconds(0))
        try file.commit()
        try file.begin()
        #expect(throws: SQLiteError.self) {
            _ = try file.change(large.name) {
                $0.settle(
                    owner: large.owner, target: "a", .done([UInt8](repeating: 1, count: 100_000)), isLast: true)
            }
        }
        file.rollBack()
        guard case .done = try file.claim(.by("r3", key: 1), at: .seconds(0)) else {
            Issue.record("what was kept is kept")
            return
        }
        try file.begin()
        #expect(
            try file.change(large.name) { $0.settle(owner: large.owner, target: "a", .done([1]), isLast: true) }
                == .written)
        try file.commit()
    }

    @Test("ten thousand steps that come at once are committed together")
    func batches() async throws {
        let folder = try Folder()
        let store = await folder.open()
        let clock = ContinuousClock()
        let took = await clock.measure {
            await withTaskGroup(of: Void.self) { group in
                for key in 0..<2_000 {
                    group.addTask {
                        let claim = KeyClaim.by("r", key: 1000 + UInt64(key), startsSending: true)
                        #expect(await store.claim(claim) == .owned(earlier: nil))
                        #expect(await store.settle(claim, .done([UInt8](repeating: 0, count: 400))) == .written)
                    }
                }
            }
        }
        print("2,000 durable claims and answers took \(took)")
        store.store.close()
        let database = try SQLiteDatabase(path: folder.file)
        #expect(try database.number("SELECT COUNT(*) FROM record WHERE lease = 0") == 2_000)
        #expect(try database.number("SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1)
    }
}
