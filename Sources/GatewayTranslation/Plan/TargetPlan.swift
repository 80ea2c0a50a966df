/// A dialect compiled for one target: what every request and every answer of that target runs through.
///
/// Immutable; made when the configuration is read, and once more for each further worker (`recompiled`).
package final class TargetPlan: Sendable {
    /// The target's name in the configuration.
    package let targetName: String
    package let dialect: Dialect
    package let options: TargetOptions
    let resolved: ResolvedOptions
    let update: OperationPlan?
    let create: OperationPlan?
    private let updateBatch: BatchPlan?
    private let createBatch: BatchPlan?
    let answer: AnswerPlan
    let fieldPlaces: FieldPlaces
    /// What `vendorFields` could set that has a canonical name.
    package let vendorPlaces: VendorPlaces
    let errors: ErrorPlan
    /// How to read a product; nil where the dialect does not say.
    let read: ReadPlan?

    /// Compiles a dialect. Throws where the options do not fit it.
    package init(
        targetName: String, dialect: Dialect, options: TargetOptions = TargetOptions()
    ) throws(TargetPlanError) {
        let resolved = try ResolvedOptions(options, dialect: dialect)
        self.targetName = targetName
        self.dialect = dialect
        self.options = options
        self.resolved = resolved
        let compiled = dialect.operations.map { OperationPlan(compiling: $0, of: dialect, for: resolved) }
        self.update = compiled.first { $0.kind == .update }
        self.create = compiled.first { $0.kind == .create }
        self.updateBatch = BatchPlan(self.update, of: dialect, for: resolved)
        self.createBatch = BatchPlan(self.create, of: dialect, for: resolved)
        self.answer = AnswerPlan(dialect: dialect, answer: dialect.answer, options: resolved)
        let fieldPlaces = FieldPlaces(dialect: dialect, options: resolved)
        self.fieldPlaces = fieldPlaces
        self.vendorPlaces = VendorPlaces(dialect, resolved)
        self.errors = ErrorPlan(dialect.errors, title: dialect.title, places: fieldPlaces)
        self.heededHeaders = dialect.heededHeaders
        self.readsAnswerHeaders = dialect.readsAnswerHeaders
        self.read = dialect.read.map { ReadPlan(compiling: $0, of: dialect, for: resolved) }
    }

    /// The same plan for another target, with equal options. What was compiled is shared.
    package init(_ plan: TargetPlan, of targetName: String) {
        self.targetName = targetName
        self.dialect = plan.dialect
        self.options = plan.options
        self.resolved = plan.resolved
        self.update = plan.update
        self.create = plan.create
        self.updateBatch = plan.updateBatch
        self.createBatch = plan.createBatch
        self.answer = plan.answer
        self.fieldPlaces = plan.fieldPlaces
        self.vendorPlaces = plan.vendorPlaces
        self.errors = plan.errors
        self.heededHeaders = plan.heededHeaders
        self.readsAnswerHeaders = plan.readsAnswerHeaders
        self.read = plan.read
    }

    /// The same plan, compiled once more: nothing that requests run through is shared with this one, so that two event
    /// loops do not count references to the same objects.
    package func recompiled() -> TargetPlan {
        do throws(TargetPlanError) {
            return try TargetPlan(targetName: self.targetName, dialect: self.dialect, options: self.options)
        } catch {
            // It has been compiled from the same before.
            return self
        }
    }

    /// Tells what was compiled apart: plans that are equal in it share it.
    package var compilation: ObjectIdentifier { ObjectIdentifier(self.answer) }

    package var dialectName: String { self.dialect.name }
    package var dialectTitle: String { self.dialect.title }

    /// Whether the dialect has this operation.
    package func supports(_ operation: ProductOperation) -> Bool {
        operation == .read ? self.read != nil && self.update != nil : self.operation(operation) != nil
    }

    /// Header fields, names in lower case, that are kept of each answer: how long to wait, how many requests are left.
    let heededHeaders: [String]

    /// Whether answers have to be kept with header fields that have no meaning of their own.
    package let readsAnswerHeaders: Bool

    /// Whether a request of this operation has to be preceded by `readRequest(before:)` and `Translator.merge`.
    package func readsFirst(_ operation: ProductOperation) -> Bool {
        if operation == .create { return self.create?.special?.preparation != nil }
        return operation == .update && self.read != nil
            && (self.resolved.updateSemantics == .replace || self.update?.special?.taken.isEmpty == false)
    }

    /// Whether what a change does not name would be lost at the vendor's, so that it is read and sent back.
    func replaces(_ operation: ProductOperation) -> Bool {
        operation == .update && self.resolved.updateSemantics == .replace && self.read != nil
    }

    /// The header field in which the vendor takes a key, so that a repetition does nothing again; nil where it takes
    /// none.
    package func idempotencyHeader(of operation: ProductOperation) -> String? {
        self.operation(operation)?.idempotencyHeader
    }

    /// How lines of a stream travel together; nil where each goes alone, because the vendor has no batches, or the
    /// target reads before it writes.
    package func batch(of operation: ProductOperation) -> BatchPlan? {
        guard !self.readsFirst(operation) else { return nil }
        return switch operation {
        case .update: self.updateBatch
        case .create: self.createBatch
        case .read: nil
        }
    }

    /// Whether a key that makes a repetition do nothing again has its place in what is sent, so that there always is
    /// one.
    package func writesKey(_ operation: ProductOperation) -> Bool {
        self.operation(operation)?.special?.writesKey == true
    }

    /// Whether the vendor takes a key with which a repetition does nothing again.
    package func takesKey(_ operation: ProductOperation) -> Bool {
        self.idempotencyHeader(of: operation) != nil || self.writesKey(operation)
    }

    /// Nil for a read, which is no operation of a dialect's: see `read`.
    func operation(_ kind: ProductOperation) -> OperationPlan? {
        switch kind {
        case .update: self.update
        case .create: self.create
        case .read: nil
        }
    }
}
