/// Elastic Path's error documents: `{"errors": [{"title", "status", "detail"?, "request_id"?, "meta"?}]}`.
enum ElasticPathError {
    static func answer(_ status: Int, _ errors: [SandboxJSON]) -> VendorAnswer {
        VendorAnswer(status: status, json: ["errors": .array(errors)])
    }

    /// The usual item, whose status is a string.
    static func plain(_ status: Int, _ title: String, detail: String? = nil) -> VendorAnswer {
        var item: SandboxObject = ["title": .string(title), "status": .string(String(status))]
        if let detail { item["detail"] = .string(detail) }
        return self.answer(status, [.object(item)])
    }

    /// As the vendor's guides show 401 and 429: the status is a number, and comes first.
    static func numeric(_ status: Int, _ title: String) -> VendorAnswer {
        self.answer(status, [["status": SandboxJSON(status), "title": .string(title)]])
    }

    static func notFound() -> VendorAnswer { self.plain(404, "Not Found") }

    static func ownedByOrganization() -> VendorAnswer {
        self.plain(403, "Forbidden", detail: "entity owned by organization")
    }

    static func conflict() -> VendorAnswer { self.plain(409, "Conflict", detail: "write conflict detected") }

    static func unparsable(_ reason: String) -> VendorAnswer {
        self.plain(400, "Bad Request", detail: "Could not parse the request body: \(reason)")
    }

    static func expiredToken() -> VendorAnswer { self.numeric(401, "Unable to validate access token") }

    static func failedValidation(_ issues: [ElasticPathIssue]) -> VendorAnswer {
        self.answer(
            422,
            issues.map { issue in
                issue.hasStatus
                    ? ["title": "Failed Validation", "status": "422", "detail": .string(issue.detail)]
                    : ["detail": .string(issue.detail), "title": "Failed Validation"]
            })
    }

    static func missingIDs(_ ids: [String]) -> VendorAnswer {
        self.answer(
            422,
            [
                [
                    "title": "Failed Validation", "status": "422", "detail": "component products not found",
                    "meta": ["missing_ids": SandboxJSON(ids)],
                ]
            ])
    }

    static func internalServerError() -> VendorAnswer {
        self.answer(
            500,
            [
                [
                    "status": "500", "title": "Internal Server Error",
                    "detail": "There was an internal server error, you can report with your request id.",
                    "request_id": "635da56d-75a1-43cd-b696-7ab119756b3a",
                ]
            ])
    }
}
