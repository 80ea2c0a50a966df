extension RecordFile {
    /// Looks at a record of a file that a gateway may be writing at the same time. Changes nothing.
    static func lookUp(_ name: RecordName, in path: String, at time: StoreTime) -> LookUpResult {
        do throws(SQLiteError) {
            let database = try SQLiteDatabase(path: path, isReadOnly: true)
            let find = try database.prepare(Self.findText)
            try find.bind(name.digest.bytes)
            guard try find.step() else { return .absent }
            let record = try Self.record(in: find)
            guard !record.hasExpired(at: time) else { return .absent }
            return .found(record.view(at: time))
        } catch {
            return .failed(error.failure)
        }
    }
}

extension FileStore {
    /// The same, for whoever has no store open.
    package static func lookUp(_ name: RecordName, in path: String, at time: StoreTime) -> LookUpResult {
        RecordFile.lookUp(name, in: path, at: time)
    }
}
