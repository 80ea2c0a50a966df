package import GatewayDocuments

/// Everything that is wrong with one dialect document, in the order of the document.
package struct DialectError: Error, Sendable, Equatable {
    package let diagnostics: [Diagnostic]
}
