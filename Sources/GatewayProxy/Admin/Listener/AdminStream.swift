import NIOCore

/// An answer that goes on for as long as there is something to say and somebody reads it.
///
/// Confined to the admin listener's event loop.
protocol AdminStream: AnyObject {
    /// The answer's head is out: from now on the stream writes when it has something.
    func begin(on connection: AdminConnection)
    /// The connection has ended, whoever ended it. Told once, and only after `begin`.
    func ended()
}
