package import GatewayHTTP

/// What the sessions of one event loop share: each uses it within a call and leaves nothing in it.
///
/// Confined to its event loop.
package final class HTTP2SessionStorage {
    /// Where received fields are kept while they are delivered.
    package let fields = FieldStore()
    /// Where libnghttp2 gets its memory.
    let blocks = BlockPool()

    /// Memory that libnghttp2 holds for all of them, free blocks included.
    package var heldBytes: Int { self.blocks.heldBytes }

    package init() {}
}
