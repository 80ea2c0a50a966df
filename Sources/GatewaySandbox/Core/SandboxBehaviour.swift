/// The choices where a vendor's page says nothing or two sources disagree: each can be switched, none is a fact.
package struct SandboxBehaviour: Sendable, Equatable {
    package enum CatalogueUpdate: String, Sendable, CaseIterable { case replace, partial }
    package enum CatalogueETag: String, Sendable, CaseIterable {
        case off
        /// An `If-Match` that does not match is refused with 412, as RFC 9110 section 13.1.1 has it.
        case preconditionFailed = "412"
        case conflict = "409"
    }

    /// COR: whether `null` clears a description; otherwise it is a ValidationError.
    package var corNullClears = false
    /// Elastic Path: whether `extensions` is taken in a request. Its specification says no, its SDK says yes.
    package var elasticPathAcceptsExtensions = false
    /// Elastic Path: whether `null` clears the attributes its JavaScript SDK types as nullable; otherwise it is a 422.
    package var elasticPathNullClears = false
    /// SoftwareOne: whether `null` clears a field; otherwise it counts as not supplied, as usual in .NET services.
    package var softwareOneNullClears = false
    package var catalogueUpdate = CatalogueUpdate.replace
    package var catalogueETag = CatalogueETag.off

    package init() {}
}
