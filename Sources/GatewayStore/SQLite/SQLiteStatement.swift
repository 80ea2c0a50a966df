internal import CSQLite

/// A prepared statement, run as often as it is needed. Values are bound in the order of its question marks.
///
/// Confined to its database's thread.
final class SQLiteStatement {
    private let statement: OpaquePointer
    private let database: SQLiteDatabase
    private var bound: Int32 = 0

    init(_ statement: OpaquePointer, of database: SQLiteDatabase) {
        self.statement = statement
        self.database = database
    }

    deinit {
        sqlite3_finalize(self.statement)
    }

    /// Begins anew, without values.
    @discardableResult
    func reset() -> SQLiteStatement {
        sqlite3_reset(self.statement)
        sqlite3_clear_bindings(self.statement)
        self.bound = 0
        return self
    }

    @discardableResult
    func bind(_ value: Int) throws(SQLiteError) -> SQLiteStatement {
        self.bound += 1
        try self.database.check(sqlite3_bind_int64(self.statement, self.bound, Int64(value)))
        return self
    }

    @discardableResult
    func bind(_ value: String) throws(SQLiteError) -> SQLiteStatement {
        self.bound += 1
        let (position, bytes) = (self.bound, Array(value.utf8))
        try self.database.check(
            bytes.withUnsafeBytes { raw in
                csqlite_bind_text(
                    self.statement, position, raw.bindMemory(to: CChar.self).baseAddress, Int32(clamping: raw.count))
            })
        return self
    }

    @discardableResult
    func bind(_ value: [UInt8]) throws(SQLiteError) -> SQLiteStatement {
        self.bound += 1
        let position = self.bound
        try self.database.check(
            value.withUnsafeBytes {
                csqlite_bind_blob(self.statement, position, $0.baseAddress, Int32(clamping: $0.count))
            })
        return self
    }

    /// Runs on.
    ///
    /// - Returns: whether there is a row.
    func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(self.statement)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            try self.database.check(code)
            return false
        }
    }

    /// Runs a statement that gives no rows.
    func run() throws(SQLiteError) {
        _ = try self.step()
        sqlite3_reset(self.statement)
    }

    // MARK: The row

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(self.statement, column)) }

    func bytes(_ column: Int32) -> [UInt8] {
        // In this order (https://www.sqlite.org/c3ref/column_blob.html).
        guard let pointer = sqlite3_column_blob(self.statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: pointer, count: Int(sqlite3_column_bytes(self.statement, column))))
    }

    func text(_ column: Int32) -> String { String(decoding: self.bytes(column), as: UTF8.self) }
}
