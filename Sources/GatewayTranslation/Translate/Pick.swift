/// One field that will be sent, and where its value is.
struct Pick: BitwiseCopyable {
    /// Index into `CanonicalProduct.fields`.
    var field: Int32
    /// Index of the value on the tape, or one of the negative marks.
    var value: Int32

    /// The most of one body: one for each canonical field, whose indexes are bits of a 64-bit mask.
    static let countMax = 64

    static let clearMark: Int32 = -1
    static let defaultMark: Int32 = -2
    /// Minus this, minus the index of a value row.
    static let firstValueMark: Int32 = -1000
}
