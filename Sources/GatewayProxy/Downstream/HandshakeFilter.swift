import Glibc
import NIOCore
import NIOPosix

/// Keeps new callers from a listening socket that is about to close, without turning anybody away.
///
/// A listening socket that closes resets the connections that wait in its backlog, requests included, and between the
/// last `accept` and the `close` another can always come. With `SO_REUSEPORT` that is a loss: the kernel chose this
/// socket although another process listens beside it. A filter on the socket drops the first packet (SYN) of every new
/// connection, and nothing else: handshakes that have begun are completed and can be accepted, and whoever has just
/// come sends the packet again, a second later, when only the other process is left to get it (RFC 9293 section 3.8.1).
///
/// The program is classic BPF (socket(7), SO_ATTACH_FILTER), which needs no privilege. It sees a packet from the TCP
/// header on, over IPv4 and IPv6 alike.
enum HandshakeFilter {
    /// `struct sock_filter` of linux/filter.h.
    struct Instruction: Equatable {
        let code: UInt16
        let jumpIfTrue: UInt8
        let jumpIfFalse: UInt8
        let operand: UInt32
    }

    /// `struct sock_fprog` of linux/filter.h.
    private struct Program: @unchecked Sendable {
        let count: UInt16
        let instructions: UnsafePointer<Instruction>?
    }

    static let instructions = [
        // The byte with the flags (RFC 9293 section 3.1).
        Instruction(code: 0x30, jumpIfTrue: 0, jumpIfFalse: 0, operand: 13),
        // Of them SYN and ACK.
        Instruction(code: 0x54, jumpIfTrue: 0, jumpIfFalse: 0, operand: 0x12),
        // SYN alone: drop. Anything else: keep all of it.
        Instruction(code: 0x15, jumpIfTrue: 0, jumpIfFalse: 1, operand: 0x02),
        Instruction(code: 0x06, jumpIfTrue: 0, jumpIfFalse: 0, operand: 0),
        Instruction(code: 0x06, jumpIfTrue: 0, jumpIfFalse: 0, operand: .max),
    ]

    /// The future fails where the system has no such filters; then a small gap is left. On the channel's event loop.
    static func attach(to listener: any Channel) -> EventLoopFuture<Void> {
        guard let socket = listener as? any SocketOptionProvider else {
            return listener.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        // The kernel copies the program within the call, which is made at once: this is the socket's event loop.
        return Self.instructions.withUnsafeBufferPointer { instructions in
            socket.unsafeSetSocketOption(
                level: .socket, name: NIOBSDSocket.Option(rawValue: SO_ATTACH_FILTER),
                value: Program(count: UInt16(instructions.count), instructions: instructions.baseAddress))
        }
    }
}
