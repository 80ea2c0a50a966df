extension ErrorRules {
    /// Tried after a dialect's own: what error bodies commonly look like, so that a shape nobody has documented
    /// still folds into something true.
    static let commonItems: [[String]] = [
        [], ["errors"], ["violations"],
        // OData 4.01 (JSON format, section 21), and what SAP's services write for OData 2.
        ["error", "details"], ["error", "innererror", "errordetails"], ["error", "errors"], ["error"], ["details"],
        ["messages"],
        // FastAPI, NestJS, ASP.NET.
        ["detail"], ["message"], ["ModelState"], ["modelState"],
        // Micronaut.
        ["_embedded", "errors"],
    ]
    static let commonCode: [[String]] = [
        ["code"], ["errorCode"], ["error_code"], ["error", "code"], ["fault", "detail", "errorcode"],
    ]
    static let commonTitle: [[String]] = [["title"], ["error"], ["hydra:title"]]
    static let commonDetail: [[String]] = [
        ["detail"], ["details"], ["message"], ["msg"], ["error_description"], ["description"], ["reason"], ["error"],
        ["message", "value"], ["defaultMessage"], ["errorMessage"], ["Message"], ["error", "message"],
        ["error", "message", "value"], ["error", "detail"],
        // API Platform, MuleSoft, Apigee.
        ["hydra:description"], ["errorDescription"], ["fault", "faultstring"],
    ]
    static let commonStatus: [[String]] = [["status"], ["statusCode"], ["status_code"], ["error"]]
    static let commonRequestID: [[String]] = [
        ["request_id"], ["requestId"], ["traceId"], ["trace_id"], ["correlationId"], ["correlation_id"],
    ]
    static let commonField: [FieldPlace] = [
        .name(["field"]), .name(["propertyPath"]), .name(["property"]), .name(["properties"]), .path(["path"]),
        .name(["param"]), .name(["parameter"]), .name(["pointer"]), .name(["source", "pointer"]), .path(["loc"]),
        .name(["target"]), .name(["propertyref"]), .name(["fieldName"]),
        // Amazon's Selling Partner API.
        .name(["attributeNames"]),
    ]

    /// Tried after a dialect's own, where they have found nothing.
    static let commonBases: [[String]] = [
        ["body"], ["product"], ["input"], ["data", "attributes"], ["data"], ["model"], ["dto"], ["fields"],
    ]

    /// Names in a map of errors that are no fields.
    static let notFields: Set<String> = ["non_field_errors", "__all__", "base", "_schema", "general", "$"]

    /// What lists of errors are called: no field of a product is.
    static let listNames: Set<String> = [
        "errors", "issues", "violations", "fieldViolations", "details", "messages", "validationErrors", "causes",
    ]

    /// For a dialect that has none of its own.
    static let commonMessages: [MessageTemplate] = [
        "{field}: {text}", "The {field} field {*}", "{field} is {*}", "{field} must {*}", "{field} should {*}",
        "{field} can {*}", "{field} cannot {*}", "{field} has {*}", "{field} does {*}", "{field} already {*}",
        "Missing required field: {field}", "Invalid {field}",
    ].compactMap { MessageTemplate($0) }

    /// Words in a message, in lower case, and what they say. The first that occurs counts.
    static let commonReasons: [(contains: String, code: FieldErrorCode)] = [
        ("must be unique", .notUnique), ("already exists", .notUnique), ("already taken", .notUnique),
        ("already in use", .notUnique), ("already been taken", .notUnique), ("duplicate", .notUnique),
        ("can not be empty", .required),
        ("cannot be empty", .required), ("must not be empty", .required), ("not be blank", .required),
        ("not be null", .required), ("is required", .required), ("field required", .required),
        ("can't be blank", .required), ("missing required", .required), ("must be provided", .required),
        ("too long", .tooLong), ("maximum length", .tooLong), ("at most", .tooLong), ("too short", .tooShort),
        ("minimum length", .tooShort), ("at least", .tooShort), ("must be one of", .notAllowed),
        ("must be a valid", .notAllowed),
        ("not one of", .notAllowed), ("not included in the list", .notAllowed), ("is not a valid", .notAllowed),
        ("exists validation failed", .referenceNotFound), ("must exist", .referenceNotFound),
        ("does not exist", .referenceNotFound), ("does not correspond to", .referenceNotFound),
        ("not found", .referenceNotFound), ("must be a", .wrongType), ("type expected", .wrongType),
    ]
}
