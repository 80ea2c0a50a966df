/// Who found the problem.
package enum ProblemOrigin: String, Sendable {
    case gateway
    case vendor
}
