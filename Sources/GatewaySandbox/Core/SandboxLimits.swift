/// What bounds the sandbox's memory and patience. Every store in it names one of these.
package struct SandboxLimits: Sendable {
    /// The largest request body read, in bytes. The gateway's own limit is far below; a vendor's would be too.
    package var requestBodyBytesMax = 4 << 20
    /// Products held per vendor. A benchmark that creates products must not eat the machine.
    package var productsMax = 10_000
    /// Recorded exchanges per vendor: more than any test looks at.
    package var exchangesMax = 512
    /// Bytes of recorded bodies per vendor; the oldest exchanges go first.
    package var exchangeBytesMax = 8 << 20
    /// Live tokens per vendor. A client that asks for one per request loses its oldest.
    package var tokensMax = 1024
    /// Faults that wait to be used, over all vendors.
    package var faultsMax = 256
    /// Ids remembered for `once-` words, per vendor; the memory is emptied when it is full.
    package var onceMemoryMax = 4096
    /// Open connections. Far above what one gateway opens (one per worker and target).
    package var connectionsMax = 1024
    /// Streams of one connection at a time; announced in SETTINGS, as many as real front ends allow.
    package var streamsPerConnectionMax = 256

    /// The longest delay of one answer: ten minutes, beyond every timeout a test would set.
    static let delayMillisecondsMax = 600_000
    /// The largest body that `huge-N` makes, in KiB.
    static let hugeBodyKibibytesMax = 65_536

    package init() {}
}
