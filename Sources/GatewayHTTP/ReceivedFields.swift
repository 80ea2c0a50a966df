/// The fields of one received header section, in their order, whatever the version of HTTP.
///
/// A view: valid only while the section is being delivered. Whoever needs a value longer copies it.
package struct ReceivedFields {
    /// Not retained: whoever delivers holds it, and views are copied often.
    @usableFromInline let store: Unmanaged<FieldStore>
    @usableFromInline let entries: Range<Int>

    /// - Parameter entries: positions in the store, which must outlive the view.
    @inlinable
    package init(store: FieldStore, entries: Range<Int>) {
        self.store = Unmanaged.passUnretained(store)
        self.entries = entries
    }

    /// One field; both buffers have the lifetime of the view.
    package struct Field {
        package let name: FieldName
        package let nameBytes: UnsafeBufferPointer<UInt8>
        package let value: UnsafeBufferPointer<UInt8>

        @inlinable
        package init(name: FieldName, nameBytes: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
            self.name = name
            self.nameBytes = nameBytes
            self.value = value
        }

        /// The value as text; bytes that are not UTF-8 are replaced.
        package var text: String { String(decoding: self.value, as: UTF8.self) }

        /// The value as a number, if it is one.
        package var decimal: Int? { DecimalDigits.value(of: self.value) }
    }

    @inlinable
    package var count: Int { self.entries.count }

    /// The field at `position`, which must be less than `count`.
    @inlinable
    package subscript(position: Int) -> Field {
        self.store._withUnsafeGuaranteedRef { $0.field(at: self.entries.lowerBound + position) }
    }

    /// The first value of a known field.
    package func first(_ name: FieldName) -> UnsafeBufferPointer<UInt8>? {
        for position in 0..<self.count {
            let field = self[position]
            if field.name == name { return field.value }
        }
        return nil
    }

    /// The first value of a known field, as text; bytes that are not UTF-8 are replaced.
    package func string(_ name: FieldName) -> String? {
        self.first(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The status of a response, if the section has one of three digits.
    package var status: Int? {
        guard let text = self.first(.status), text.count == 3 else { return nil }
        return DecimalDigits.value(of: text)
    }
}
