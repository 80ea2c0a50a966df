import GatewayDocuments
import GatewayJSON

/// What is wrong with one body, collected while walking it once.
///
/// Empty lists do not allocate: a body without errors costs nothing here.
struct FieldErrors {
    let handling: Handling
    private(set) var listed: [FieldError] = []
    private(set) var warnings: [Warning] = []
    /// Indexes of values that are left out of what is sent: all they contain is left out too.
    private(set) var dropped = DroppedValues()
    /// Whether an error is one that no target could take, rather than just this one.
    private(set) var hasMistake = false
    /// There are more errors than are listed.
    private(set) var hasFurtherErrors = false
    /// Bytes of the pointers in `listed` and `warnings`.
    private var errorBytes = 0
    private var warningBytes = 0

    init(handling: Handling) {
        self.handling = handling
    }

    /// The caller's mistake: never dropped. Pointer and detail are made only if they are listed.
    mutating func mistake(
        _ pointer: @autoclosure () -> String, _ code: FieldErrorCode, _ detail: @autoclosure () -> String
    ) {
        self.hasMistake = true
        guard self.hasRoom() else { return }
        self.add(FieldError(pointer: pointer(), code: code, detail: detail()))
    }

    /// Something that this target cannot take: refused, or dropped with a warning. True where it was dropped.
    @discardableResult
    mutating func unsupported(
        _ pointer: @autoclosure () -> String, _ code: FieldErrorCode, _ detail: @autoclosure () -> String
    ) -> Bool {
        guard self.handling == .lenient else {
            guard self.hasRoom() else { return false }
            self.add(FieldError(pointer: pointer(), code: code, detail: detail()))
            return false
        }
        guard self.warnings.count < FieldError.listedMax, self.warningBytes < FieldError.pointerBytesMax else {
            return true
        }
        let warning = Warning(pointer: pointer(), code: code, detail: detail())
        guard self.warnings.last != warning else { return true }
        self.warnings.append(warning)
        self.warningBytes += warning.pointer.utf8.count
        return true
    }

    /// Leaves the value at an index out of what is sent.
    mutating func drop(_ index: Int) { self.dropped.append(index) }

    private mutating func add(_ error: FieldError) {
        guard self.listed.last != error else { return }
        self.listed.append(error)
        self.errorBytes += error.pointer?.utf8.count ?? 0
    }

    /// Whether another error is listed; if not, that there is one.
    private mutating func hasRoom() -> Bool {
        let hasRoom = self.listed.count < FieldError.listedMax && self.errorBytes < FieldError.pointerBytesMax
        if !hasRoom { self.hasFurtherErrors = true }
        return hasRoom
    }
}
