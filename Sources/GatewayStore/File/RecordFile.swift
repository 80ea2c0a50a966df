internal import CSQLite

/// Records in an SQLite file: its schema, and what each step reads and writes. One process at a time writes it.
///
/// Confined to one thread at a time; blocks it. Every error leaves the transaction to the caller.
final class RecordFile {
    /// `PGK1`: tells this file from any other database (https://www.sqlite.org/fileformat.html#application_id).
    private static let applicationID = 0x5047_4B31
    /// What brings a file from each version to the next; the first makes an empty one.
    private static let migrations = [
        """
        CREATE TABLE record (
            digest BLOB NOT NULL UNIQUE, scope TEXT NOT NULL, request TEXT NOT NULL, fingerprint BLOB NOT NULL,
            owner INTEGER NOT NULL, lease INTEGER NOT NULL, expires INTEGER NOT NULL, bytes INTEGER NOT NULL,
            targets BLOB NOT NULL);
        CREATE INDEX record_expires ON record (expires);
        """
    ]

    static let findText =
        "SELECT request, fingerprint, owner, lease, expires, targets, bytes FROM record WHERE digest = ?"

    private let database: SQLiteDatabase
    private let find: SQLiteStatement
    private let insert: SQLiteStatement
    private let update: SQLiteStatement
    private let delete: SQLiteStatement
    private let expired: SQLiteStatement
    private var room: CallerRoom
    /// To take back what a transaction has counted, if it fails.
    private var roomBefore: CallerRoom

    /// Opens the file, or makes it. The leases in it are void: whoever held them was an earlier process.
    ///
    /// - Parameter pagesMax: for a test of what happens when there is no room: the file grows no larger.
    init(path: String, bytesPerCaller: Int, pagesMax: Int? = nil) throws(SQLiteError) {
        let database = try SQLiteDatabase(path: path)
        try database.execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
        try Self.migrate(database, path: path)
        if let pagesMax { try database.execute("PRAGMA max_page_count = \(pagesMax)") }
        try database.execute("UPDATE record SET lease = 0 WHERE lease <> 0")
        var room = CallerRoom(bytesMax: bytesPerCaller)
        let sums = try database.prepare("SELECT scope, SUM(bytes) FROM record GROUP BY scope")
        while try sums.step() { room.change(by: sums.integer(1), of: sums.text(0)) }
        self.room = room
        self.roomBefore = room
        self.find = try database.prepare(Self.findText)
        self.insert = try database.prepare(
            "INSERT INTO record (digest, scope, request, fingerprint, owner, lease, expires, bytes, targets) "
                + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        self.update = try database.prepare(
            "UPDATE record SET owner = ?, lease = ?, bytes = ?, targets = ? WHERE digest = ?")
        self.delete = try database.prepare("DELETE FROM record WHERE digest = ?")
        self.expired = try database.prepare("SELECT digest, scope, bytes FROM record WHERE expires <= ? LIMIT ?")
        self.database = database
    }

    private static func migrate(_ database: SQLiteDatabase, path: String) throws(SQLiteError) {
        let version = try database.number("PRAGMA user_version")
        let application = try database.number("PRAGMA application_id")
        let tables = try database.number("SELECT COUNT(*) FROM sqlite_master")
        guard tables == 0 || application == Self.applicationID else {
            throw SQLiteError(code: SQLITE_NOTADB, message: "\(path) is the database of another program")
        }
        guard version <= self.migrations.count else {
            throw SQLiteError(
                code: SQLITE_SCHEMA,
                message: "\(path) was written by a newer gateway (schema \(version), known here: "
                    + "\(self.migrations.count))")
        }
        for (number, statements) in self.migrations.enumerated().dropFirst(version) {
            try database.execute(
                "BEGIN IMMEDIATE; \(statements) PRAGMA application_id = \(self.applicationID); "
                    + "PRAGMA user_version = \(number + 1); COMMIT")
        }
    }

    // MARK: Transactions

    func begin() throws(SQLiteError) {
        self.roomBefore = self.room
        try self.database.execute("BEGIN IMMEDIATE")
    }

    func commit() throws(SQLiteError) {
        try self.database.execute("COMMIT")
    }

    /// Takes back everything since `begin`.
    func rollBack() {
        self.room = self.roomBefore
        // Some errors have done it already.
        try? self.database.execute("ROLLBACK")
    }

    // MARK: Steps

    func claim(_ claim: KeyClaim, at time: StoreTime) throws(SQLiteError) -> ClaimResult {
        if let found = try self.record(claim.name.digest) {
            var record = found.record
            let bytes = found.bytes
            guard record.hasExpired(at: time) else {
                let result = record.claim(claim, at: time)
                if case .owned = result { try self.write(record, of: claim.name, bytes: bytes) }
                return result
            }
            try self.remove(claim.name, bytes: bytes)
        }
        let record = KeyRecord(claim, at: time)
        guard self.room.hasRoom(for: record.byteCount, of: claim.name.scope) else { return .failed(.callerFull) }
        try self.insert.reset()
            .bind(claim.name.digest.bytes).bind(claim.name.scope).bind(record.requestID)
            .bind(record.fingerprint.bytes).bind(Int(bitPattern: UInt(record.owner))).bind(record.leaseEnd)
            .bind(record.expiresAtEpochMilliseconds).bind(record.byteCount).bind(KeyRecord.bytes(of: record.targets))
            .run()
        self.room.change(by: record.byteCount, of: claim.name.scope)
        return .owned(earlier: nil)
    }

    func change(
        _ name: RecordName, _ step: (inout KeyRecord) -> WriteResult
    ) throws(SQLiteError) -> WriteResult {
        guard let found = try self.record(name.digest) else { return .lost }
        var record = found.record
        let bytes = found.bytes
        let result = step(&record)
        guard result == .written else { return result }
        if record.targets.isEmpty {
            try self.remove(name, bytes: bytes)
        } else {
            try self.write(record, of: name, bytes: bytes)
        }
        return result
    }

    func lookUp(_ name: RecordName, at time: StoreTime) throws(SQLiteError) -> LookUpResult {
        guard let (record, _) = try self.record(name.digest), !record.hasExpired(at: time) else { return .absent }
        return .found(record.view(at: time))
    }

    /// Forgets some of what has expired.
    func clear(at time: StoreTime, countMax: Int) throws(SQLiteError) {
        var names: [(name: RecordName, bytes: Int)] = []
        self.expired.reset()
        try self.expired.bind(time.epochMilliseconds).bind(countMax)
        while try self.expired.step() {
            let name = RecordName(scope: self.expired.text(1), digest: Digest256(self.expired.bytes(0)))
            names.append((name, self.expired.integer(2)))
        }
        self.expired.reset()
        for (name, bytes) in names { try self.remove(name, bytes: bytes) }
    }

    private func record(_ digest: Digest256) throws(SQLiteError) -> (record: KeyRecord, bytes: Int)? {
        defer { self.find.reset() }
        guard try self.find.reset().bind(digest.bytes).step() else { return nil }
        return (try Self.record(in: self.find), self.find.integer(6))
    }

    /// Of the statement's row.
    static func record(in row: SQLiteStatement) throws(SQLiteError) -> KeyRecord {
        guard let fingerprint = Fingerprint(bytes: row.bytes(1)[...]),
            let targets = KeyRecord.targets(from: row.bytes(5)[...])
        else { throw SQLiteError(code: SQLITE_CORRUPT, message: "a record cannot be read") }
        return KeyRecord(
            fingerprint: fingerprint, requestID: row.text(0), owner: UInt64(UInt(bitPattern: row.integer(2))),
            leaseEnd: row.integer(3), expiresAtEpochMilliseconds: row.integer(4), targets: targets)
    }

    private func write(_ record: KeyRecord, of name: RecordName, bytes: Int) throws(SQLiteError) {
        try self.update.reset()
            .bind(Int(bitPattern: UInt(record.owner))).bind(record.leaseEnd).bind(record.byteCount)
            .bind(KeyRecord.bytes(of: record.targets)).bind(name.digest.bytes)
            .run()
        self.room.change(by: record.byteCount - bytes, of: name.scope)
    }

    private func remove(_ name: RecordName, bytes: Int) throws(SQLiteError) {
        try self.delete.reset().bind(name.digest.bytes).run()
        self.room.change(by: -bytes, of: name.scope)
    }
}
