/// What a request does whose key has been used before, for each target: the table of docs/exactly-once.md.
///
/// | the earlier request | while its owner may live | afterwards: update | afterwards: create |
/// | --- | --- | --- | --- |
/// | is not known | run | run | run |
/// | `claimed`: nothing was sent | wait | run | run |
/// | `sending`: it may have been sent | wait | run, as a repetition | look it up; where it is not found, refuse |
/// | `done` | replay | replay | replay |
///
/// An update is run again because it carries absolute values: twice leaves the same product as once (RFC 9110 section
/// 9.2.2). A create whose id the vendor gives may have created already, and would create a second product.
package enum RepetitionRule {
    /// What asking twice comes to at a target.
    package enum Repeatability: Sendable, CaseIterable {
        /// Twice is like once.
        case idempotent
        /// The vendor can be asked whether the first one took effect.
        case findable
        /// Nobody can tell.
        case neither
    }

    package enum Action: Equatable, Sendable {
        /// Nothing was sent before.
        case run
        /// Something may have been sent before: what comes of it stays unknown until an answer is a success.
        case runAgain
        /// Ask the vendor what became of the earlier one: what is there as it was asked for is the answer. Otherwise
        /// nobody knows.
        case lookUp
        /// Tell that nobody knows what became of the earlier one.
        case refuseAsUnknown
        /// Give the answer that is kept.
        case replay
        /// The earlier one is under way.
        case wait
    }

    /// - Parameters:
    ///   - stage: of the earlier request's target; nil where there is none.
    ///   - isOwned: whoever has claimed the key may still be at work.
    package static func action(
        after stage: TargetStage?, isOwned: Bool, _ repeatability: Repeatability
    ) -> Action {
        switch (stage, isOwned) {
        case (.done, _): .replay
        case (nil, _): .run
        case (.claimed, true), (.sending, true): .wait
        case (.claimed, false): .run
        case (.sending, false):
            switch repeatability {
            case .idempotent: .runAgain
            case .findable: .lookUp
            case .neither: .refuseAsUnknown
            }
        }
    }
}
