import GatewayDocuments
import GatewayJSON

/// What is wrong with one body, collected while walking it once.
///
/// Empty lists do not allocate: a body without faults costs nothing here.
struct Faults {
    let handling: Handling
    private(set) var errors: [FieldError] = []
    private(set) var warnings: [Warning] = []
    /// Indexes of values that are left out of what is sent: all they contain is left out too.
    private(set) var dropped = DroppedValues()
    /// Whether an error is one that no target could take, rather than just this one.
    private(set) var hasMistake = false

    init(handling: Handling) {
        self.handling = handling
    }

    /// The caller's mistake: never dropped. Pointer and detail are made only if they are listed.
    mutating func mistake(
        _ pointer: @autoclosure () -> String, _ code: FieldErrorCode, _ detail: @autoclosure () -> String
    ) {
        self.hasMistake = true
        guard self.errors.count < FieldError.listedMax else { return }
        self.add(FieldError(pointer: pointer(), code: code, detail: detail()))
    }

    /// Something that this target cannot take: refused, or dropped with a warning. True where it was dropped.
    @discardableResult
    mutating func unsupported(
        _ pointer: @autoclosure () -> String, _ code: FieldErrorCode, _ detail: @autoclosure () -> String
    ) -> Bool {
        guard self.handling == .lenient else {
            guard self.errors.count < FieldError.listedMax else { return false }
            self.add(FieldError(pointer: pointer(), code: code, detail: detail()))
            return false
        }
        guard self.warnings.count < FieldError.listedMax else { return true }
        let warning = Warning(pointer: pointer(), code: code, detail: detail())
        if self.warnings.last != warning { self.warnings.append(warning) }
        return true
    }

    /// Leaves the value at an index out of what is sent.
    mutating func drop(_ index: Int) { self.dropped.append(index) }

    private mutating func add(_ error: FieldError) {
        if self.errors.last != error { self.errors.append(error) }
    }
}
