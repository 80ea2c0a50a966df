/// The vendors the sandbox stands in for, under the names of their dialects.
package enum SandboxVendor: String, Sendable, CaseIterable {
    case cor
    case elasticPath = "elastic-path"
    case softwareOne = "softwareone"
    case catalogue
}
