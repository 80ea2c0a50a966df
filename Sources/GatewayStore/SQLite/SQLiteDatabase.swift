internal import CSQLite

/// One connection to a database file. Confined to one thread at a time; blocks it.
final class SQLiteDatabase {
    private let connection: OpaquePointer

    /// - Parameter isReadOnly: to look at a file that somebody else writes.
    init(path: String, isReadOnly: Bool = false) throws(SQLiteError) {
        var connection: OpaquePointer?
        // One thread at a time uses it, which is all that NOMUTEX asks.
        let flags =
            SQLITE_OPEN_NOMUTEX | (isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        let code = sqlite3_open_v2(path, &connection, flags, nil)
        guard code == SQLITE_OK, let connection else {
            let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(connection)
            throw SQLiteError(code: code & 0xFF, message: message)
        }
        self.connection = connection
        sqlite3_extended_result_codes(connection, 0)
        // For those who look into the file with a tool of their own while it is written.
        sqlite3_busy_timeout(connection, Self.busyMilliseconds)
    }

    private static let busyMilliseconds: Int32 = 1000

    deinit {
        sqlite3_close_v2(self.connection)
    }

    func execute(_ sql: String) throws(SQLiteError) {
        try self.check(sqlite3_exec(self.connection, sql, nil, nil, nil))
    }

    func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var statement: OpaquePointer?
        // The statement is used again and again.
        try self.check(
            sqlite3_prepare_v3(self.connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement else { throw SQLiteError(code: SQLITE_MISUSE, message: "an empty statement") }
        return SQLiteStatement(statement, of: self)
    }

    /// One whole number, such as a pragma's.
    func number(_ sql: String) throws(SQLiteError) -> Int {
        let statement = try self.prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    func check(_ code: Int32) throws(SQLiteError) {
        guard code != SQLITE_OK else { return }
        throw SQLiteError(code: code & 0xFF, message: String(cString: sqlite3_errmsg(self.connection)))
    }
}
