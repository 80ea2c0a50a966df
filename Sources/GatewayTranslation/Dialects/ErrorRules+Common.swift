extension ErrorRules {
    /// Tried after a dialect's own: what error bodies commonly look like, so that a shape nobody has documented
    /// still folds into something true.
    static let commonItems: [[String]] = [[], ["errors"], ["violations"], ["error"], ["details"], ["messages"]]
    static let commonCode: [[String]] = [["code"], ["errorCode"], ["error_code"]]
    static let commonTitle: [[String]] = [["title"], ["error"]]
    static let commonDetail: [[String]] = [
        ["detail"], ["details"], ["message"], ["msg"], ["error_description"], ["description"], ["reason"], ["error"],
    ]
    static let commonStatus: [[String]] = [["status"], ["statusCode"], ["status_code"], ["error"]]
    static let commonRequestID: [[String]] = [
        ["request_id"], ["requestId"], ["traceId"], ["trace_id"], ["correlationId"], ["correlation_id"],
    ]
    static let commonField: [[String]] = [
        ["field"], ["propertyPath"], ["property"], ["properties"], ["path"], ["param"], ["parameter"], ["pointer"],
        ["source", "pointer"],
    ]

    /// Words in a message, in lower case, and what they say. The first that occurs counts.
    static let commonReasons: [(contains: String, code: FieldErrorCode)] = [
        ("must be unique", .notUnique), ("already exists", .notUnique), ("already taken", .notUnique),
        ("already in use", .notUnique), ("duplicate", .notUnique), ("can not be empty", .required),
        ("cannot be empty", .required), ("must not be empty", .required), ("not be blank", .required),
        ("not be null", .required), ("is required", .required), ("missing required", .required),
        ("too long", .tooLong), ("maximum length", .tooLong), ("at most", .tooLong), ("too short", .tooShort),
        ("minimum length", .tooShort), ("at least", .tooShort), ("must be one of", .notAllowed),
        ("not one of", .notAllowed), ("is not a valid", .notAllowed), ("exists validation failed", .referenceNotFound),
        ("does not exist", .referenceNotFound), ("does not correspond to", .referenceNotFound),
        ("not found", .referenceNotFound), ("must be a", .wrongType),
    ]
}
