internal import CSQLite

/// What SQLite refuses to do, in its own words.
struct SQLiteError: Error, Equatable {
    /// A primary result code (https://www.sqlite.org/rescode.html).
    let code: Int32
    let message: String

    var isFull: Bool { self.code == SQLITE_FULL }

    /// For whoever asked the store.
    var failure: StoreFailure {
        self.isFull ? .full(reason: self.message) : .unavailable(reason: self.message)
    }
}
