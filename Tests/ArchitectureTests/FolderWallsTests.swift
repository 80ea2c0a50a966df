import Testing

@Suite("Folders keep their walls")
struct FolderWallsTests {
    /// The folders of the modules that have more than one job, each module's from the lowest.
    static let modules: [FolderWalls] = [
        FolderWalls(
            module: "GatewayTranslation",
            folders: [
                .init("Tables"),
                .init("Canonical"),
                .init("Problems", mayMention: ["Tables", "Canonical"]),
                .init("Access", mayMention: ["Canonical", "Problems"]),
                .init("Dialects", mayMention: ["Canonical", "Problems"]),
                // What a caller may set by a vendor's own words depends on where the vendor keeps what.
                .init("Plan", mayMention: ["Tables", "Canonical", "Problems", "Access", "Dialects"]),
                .init("Translate", mayMention: ["Tables", "Canonical", "Problems", "Dialects", "Plan"]),
                // An answer is folded with the request that it answers.
                .init("Fold", mayMention: ["Tables", "Canonical", "Problems", "Dialects", "Plan", "Translate"]),
                // Puts requests together, and takes an answer apart into answers.
                .init("Batch", mayMention: ["Dialects", "Plan", "Translate", "Fold"]),
                .init(
                    "Translator",
                    mayMention: ["Canonical", "Problems", "Access", "Dialects", "Plan", "Translate", "Fold", "Batch"]),
                // Guesses by names.
                .init("Draft", mayMention: ["Canonical"]),
                // Runs golden cases the way the gateway runs requests.
                .init(
                    "Trial",
                    mayMention: ["Canonical", "Problems", "Dialects", "Plan", "Translate", "Fold", "Translator"]),
                .init("Publish", mayMention: ["Canonical", "Problems", "Access", "Dialects", "Plan"]),
            ]),
        FolderWalls(
            module: "GatewayStore",
            folders: [
                .init("Records"),
                .init("Limits", mayMention: ["Records"]),
                .init("Memory", mayMention: ["Records"]),
                .init("SQLite", mayMention: ["Records"]),
                .init("File", mayMention: ["Records", "SQLite"]),
            ]),
        FolderWalls(
            module: "GatewayRedis",
            folders: [
                .init("Protocol"),
                .init("Connection", mayMention: ["Protocol"]),
                .init("Store", mayMention: ["Protocol", "Connection"]),
                // Scripts run as those of records do.
                .init("Limits", mayMention: ["Protocol", "Connection", "Store"]),
            ]),
        FolderWalls(
            module: "GatewayProxy",
            folders: [
                // What everybody takes is counted in one place, and nobody may do without.
                .init("Memory"),
                .init("Runtime", mayMention: ["Memory"]),
                .init("Metrics"),
                .init("Trace", mayMention: ["Runtime"]),
                .init("Log", mayMention: ["Runtime"]),
                // Toward vendors: knows addresses and no products.
                .init("Upstream", mayMention: ["Memory", "Runtime", "Metrics", "Trace"]),
                .init("Credentials", mayMention: ["Runtime", "Metrics", "Upstream"]),
                // Limits as numbers: whose they are is not known here.
                .init("Rates"),
                // How a target is: knows moments and counts, and neither addresses nor products.
                .init("TargetHealth", mayMention: ["Runtime", "Metrics", "Rates"]),
                .init("Targets", mayMention: ["Runtime", "Upstream", "Credentials", "TargetHealth"]),
                // Who asks: known to whatever treats callers apart.
                // What proxies are believed.
                .init("Trusted"),
                .init("Issuers", mayMention: ["Runtime", "Upstream", "Credentials"]),
                .init("Callers", mayMention: ["Runtime", "Issuers", "Rates"]),
                // With other instances: whose limits they are, and what vendors say.
                .init("Sharing", mayMention: ["Rates", "TargetHealth"]),
                .init(
                    "Delivery",
                    mayMention: [
                        "Memory", "Runtime", "Metrics", "Trace", "Upstream", "Credentials", "TargetHealth", "Targets",
                        "Callers",
                    ]),
                // Toward callers: knows bytes, streams and fields.
                .init("Downstream", mayMention: ["Memory", "Runtime", "Metrics", "Trace", "Trusted", "Callers"]),
                .init("Intake", mayMention: ["Runtime", "Downstream", "Targets", "Callers"]),
                .init("Admission", mayMention: ["Runtime", "Callers", "Intake"]),
                .init("Receiving", mayMention: ["Runtime"]),
                .init(
                    "Answering", mayMention: ["Runtime", "Downstream", "Callers", "Intake", "Targets", "Delivery"]),
                // Translates for a page, as deliveries and answers do for requests; sends nothing.
                .init("Workbench", mayMention: ["Runtime", "Credentials", "Targets", "Delivery", "Answering"]),
                // Records of what became of requests with a key.
                .init(
                    "Idempotency", mayMention: ["Runtime", "Downstream", "Callers", "Targets", "Intake", "Delivery"]),
                // Which lines of a stream with a key are done.
                .init(
                    "LineRecords",
                    mayMention: ["Runtime", "Downstream", "Callers", "Targets", "Intake", "Delivery", "Idempotency"]),
                .init(
                    "Recording",
                    mayMention: [
                        "Runtime", "Metrics", "Trace", "Log", "Targets", "Callers", "Downstream", "Intake", "Delivery",
                    ]),
                // Who has changed what.
                .init("Audit", mayMention: ["Runtime", "Trace", "Log", "Targets", "Callers", "Intake", "Delivery"]),
                // Streams of updates: each line is a delivery of its own.
                .init(
                    "Bulk",
                    mayMention: [
                        // For what a line holds of it until it has its result.
                        "Audit",
                        "Runtime", "Trace", "Targets", "Callers", "Downstream", "Intake", "Delivery", "Idempotency",
                        "LineRecords", "Recording",
                    ]),
                .init(
                    "Exchange",
                    mayMention: [
                        "Memory", "Runtime", "Trace", "Targets", "Trusted", "Callers", "Downstream", "Intake",
                        "Admission", "Receiving", "Delivery", "Answering", "Idempotency", "LineRecords", "Recording",
                        "Audit",
                        "Bulk",
                    ]),
                .init(
                    "Admin",
                    mayMention: [
                        "Memory", "Runtime", "Metrics", "Trace", "Log", "TargetHealth", "Targets", "Credentials",
                        "Issuers", "Callers", "Sharing", "Recording", "Workbench",
                    ]),
                // Makes targets of the configuration.
                .init(
                    "Configured",
                    mayMention: [
                        "Runtime", "Metrics", "Upstream", "Credentials", "TargetHealth", "Targets", "Trusted",
                        "Issuers", "Callers", "Rates",
                    ]),
                .init(
                    "Gateway",
                    mayMention: [
                        "Memory", "Runtime", "Metrics", "Log", "Upstream", "Credentials", "Targets", "Delivery",
                        "Downstream", "Admission", "Answering", "Workbench", "Idempotency", "Recording", "Exchange",
                        "Admin", "Configured", "Trusted", "Issuers", "Callers", "Audit", "TargetHealth",
                        "Sharing",
                    ]),
            ]),
    ]

    @Test("a folder mentions only those that it may, without circles", arguments: modules)
    func walls(walls: FolderWalls) {
        for mistake in walls.mistakes { Issue.record("\(mistake): the table goes from the lowest folder up") }
        for breach in walls.breaches(in: SourceFile.all) { Issue.record("\(breach)") }
    }

    private static let lower = SourceFile(
        path: "Sources/M/Low/Door.swift", module: "M",
        text: """
            package final class Door: Sendable {
                struct Key {}
            }
            private struct Hinge {}
            """)

    private static func breaches(_ text: String, in folder: String = "Low/Cellar") -> [String] {
        let walls = FolderWalls(
            module: "M", folders: [.init("Low/Cellar"), .init("Low"), .init("High", mayMention: ["Low"])])
        let file = SourceFile(path: "Sources/M/\(folder)/File.swift", module: "M", text: text)
        return walls.breaches(in: [self.lower, file])
    }

    @Test(
        "a mention is a word that names a type of another folder",
        arguments: [
            "let door: Door", "extension Door {", "func f(_ doors: [Door?]) {}", "x = 1...Door.max",
            "\"\\(Door.self)\"",
        ])
    func mention(text: String) {
        #expect(Self.breaches(text).count == 1)
        #expect(Self.breaches(text).first?.hasPrefix("Sources/M/Low/Cellar/File.swift:1 mentions Door of Low") == true)
        #expect(Self.breaches(text, in: "High") == [])
        #expect(Self.breaches(text, in: "Low") == [])
    }

    @Test(
        "comments, literals, members, other words and types inside others are none",
        arguments: [
            "// Door", "\"Door\"", "House.Door()", "DoorKeeper()", "let door = 1", "Hinge()", "Key()",
            "enum House {\n struct Door {}\n}\nlet door: Door",
        ])
    func noMention(text: String) { #expect(Self.breaches(text) == []) }

    @Test("a folder that the table does not know is told")
    func unknownFolder() {
        #expect(Self.breaches("", in: "Attic").count == 1)
        let root = SourceFile(path: "Sources/M/File.swift", module: "M", text: "")
        #expect(FolderWalls(module: "M", folders: [.init("Low")]).breaches(in: [root]).count == 1)
        #expect(FolderWalls(module: "M", folders: [.init("")]).breaches(in: [root]) == [])
    }

    @Test("a table that allows a circle, or says something twice, is refused")
    func circle() {
        let circle = FolderWalls(module: "M", folders: [.init("A", mayMention: ["B"]), .init("B", mayMention: ["A"])])
        #expect(circle.mistakes == ["M: A may mention B, which does not stand before it"])
        #expect(FolderWalls(module: "M", folders: [.init("A"), .init("A")]).mistakes == ["M: A occurs twice"])
    }
}
