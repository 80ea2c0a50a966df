/// What a vendor's answer means.
package enum FoldedAnswer: Sendable {
    case product(CanonicalAnswer)
    case problem(Problem)
}
