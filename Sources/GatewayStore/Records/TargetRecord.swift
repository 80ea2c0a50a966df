/// How far one target of a request has come: what a later request with the same key goes by.
package enum TargetStage: UInt8, Sendable, CaseIterable {
    /// Nothing has been sent to the vendor.
    case claimed = 1
    /// The change may have been sent, and nobody knows what became of it.
    case sending = 2
    /// The vendor's answer is known and kept.
    case done = 3
}

/// What is known of one target of a request.
package struct TargetRecord: Equatable, Sendable {
    package let name: String
    package internal(set) var stage: TargetStage
    /// What was answered, in a form that only those who wrote it read; empty until `done`.
    package internal(set) var answer: [UInt8]

    package init(name: String, stage: TargetStage, answer: [UInt8] = []) {
        self.name = name
        self.stage = stage
        self.answer = answer
    }
}

/// What became of one target, for the record.
package enum TargetOutcome: Equatable, Sendable {
    /// There is an answer that holds for every repetition.
    case done([UInt8])
    /// Nothing happened: a repetition is to run as if there had been no request.
    case released
    /// The change may have been made; the record stays `sending`.
    case open
}
