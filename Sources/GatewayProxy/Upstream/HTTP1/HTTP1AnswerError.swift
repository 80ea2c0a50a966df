/// Why an answer is not taken for HTTP/1.1.
enum HTTP1AnswerError: Error, Equatable, CustomStringConvertible {
    /// Bytes came that no request has asked for.
    case unasked
    /// Both `content-length` and `transfer-encoding`, or several lengths: somebody between us and the vendor may see
    /// another end of the answer than we do (RFC 9112 section 6.3).
    case ambiguousLength
    /// A transfer coding that we did not ask for (RFC 9112 section 7).
    case unknownTransferCoding
    /// 101: nobody asked for another protocol.
    case switchedProtocols
    /// More interim answers than anybody needs.
    case tooManyInterimAnswers
    /// More around the body's chunks than header fields may have.
    case tooMuchFraming
    /// More or longer fields than we keep.
    case oversizedFields
    /// What cannot stand where it stands, such as a second head.
    case outOfOrder

    var description: String {
        switch self {
        case .unasked: "bytes that answer no request"
        case .ambiguousLength: "an answer of ambiguous length"
        case .unknownTransferCoding: "an unknown transfer coding"
        case .switchedProtocols: "a switch to another protocol"
        case .tooManyInterimAnswers: "too many interim answers"
        case .tooMuchFraming: "chunks with too much around them"
        case .oversizedFields: "too many or too large fields"
        case .outOfOrder: "an answer out of order"
        }
    }
}
