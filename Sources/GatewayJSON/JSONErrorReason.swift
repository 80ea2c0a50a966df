/// The complete list of what can be wrong with a text.
package enum JSONErrorReason: Sendable, Equatable {
    case empty
    case byteOrderMark
    case otherEncoding
    case tooLarge(bytesMax: Int)
    case tooDeep(depthMax: Int)
    case unexpectedEnd
    case trailingBytes
    case expectedValue
    case expectedName
    case expectedColon
    case expectedCommaOrBrace
    case expectedCommaOrBracket
    case trailingComma
    case comment
    case misspelledLiteral
    case notANumberLiteral
    case leadingZero
    case leadingPlus
    case missingDigit
    case controlCharacter
    case invalidUTF8
    case invalidEscape
    case invalidHexDigit
    case loneSurrogate
    case duplicateName

    /// What is wrong, for a person, without a final full stop.
    package var sentence: String {
        switch self {
        case .empty: "the text is empty; a JSON value was expected"
        case .byteOrderMark: "the text starts with a byte order mark; JSON must not (RFC 8259 §8.1)"
        case .otherEncoding: "the text is in UTF-16 or UTF-32; JSON is in UTF-8 (RFC 8259 §8.1)"
        case .tooLarge(let bytesMax): "the text is longer than \(bytesMax) bytes"
        case .tooDeep(let depthMax): "objects and arrays are nested more than \(depthMax) deep"
        case .unexpectedEnd: "the text ends in the middle of a value"
        case .trailingBytes: "there is something behind the end of the value"
        case .expectedValue: "a value was expected"
        case .expectedName: "a member name in double quotes was expected"
        case .expectedColon: "a colon was expected behind the member name"
        case .expectedCommaOrBrace: "a comma or a closing brace was expected"
        case .expectedCommaOrBracket: "a comma or a closing bracket was expected"
        case .trailingComma: "there is a comma with nothing behind it"
        case .comment: "JSON has no comments"
        case .misspelledLiteral: "only true, false and null may stand without quotes"
        case .notANumberLiteral: "NaN and Infinity are not JSON"
        case .leadingZero: "a number must not start with a superfluous zero"
        case .leadingPlus: "a number must not start with a plus sign"
        case .missingDigit: "a digit was expected in this number"
        case .controlCharacter: "a control character in a string must be escaped"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .invalidEscape: "only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u0000 are escapes"
        case .invalidHexDigit: "four hexadecimal digits were expected behind \\u"
        case .loneSurrogate: "one half of a surrogate pair stands alone"
        case .duplicateName: "the member occurs twice"
        }
    }
}
