/// An answer that is written in pieces: what of it waits to be written.
struct HTTP1OpenAnswer {
    /// Its fields, until they are written.
    var head: Answer?
    /// Of its body.
    var unsent: [UInt8] = []
    /// Nothing follows what is unsent.
    var isEnded = false
    /// The body goes out in chunks (RFC 9112 section 7.1); HTTP/1.0 tells its end by closing the connection.
    let isChunked: Bool
}
