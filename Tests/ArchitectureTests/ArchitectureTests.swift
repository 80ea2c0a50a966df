import Testing

/// What the compiler does not keep: who may import whom, and what may not occur in the product at all. Each message
/// says what to do instead.
@Suite("The house keeps its walls")
struct ArchitectureTests {
    private static let leaves: Set<String> = [
        "GatewayHTTP", "GatewayJSON", "GatewayDocuments", "GatewayHTTP2", "GatewayTLS", "GatewayMetrics",
        "GatewayIdentity", "GatewayConfiguration",
        "GatewayTranslation",
    ]
    private static let foundations: Set<String> = ["Foundation", "FoundationEssentials", "FoundationNetworking"]
    private static let systemLibraries: Set<String> = ["Glibc", "Musl", "Darwin", "Dispatch"]

    /// The modules of the product that each module may import.
    private static let allowed: [String: Set<String>] = [
        "GatewayHTTP": [],
        "GatewayJSON": ["CTextScan"],
        "GatewayDocuments": ["GatewayJSON"],
        "GatewayTranslation": ["CDialects", "GatewayDocuments", "GatewayHTTP", "GatewayJSON"],
        "GatewayConfiguration": ["GatewayDocuments", "GatewayHTTP", "GatewayJSON"],
        "GatewayHTTP2": ["CNghttp2", "GatewayHTTP"],
        "GatewayTLS": ["COpenSSL"],
        "GatewayTracing": ["CZlib", "GatewayHTTP", "GatewayJSON", "GatewayThreads", "GatewayTLS"],
        "GatewayMetrics": [],
        "GatewayIdentity": ["COpenSSL", "GatewayJSON"],
        "GatewayStore": ["CSQLite", "GatewayThreads"],
        "GatewayThreads": [],
        "GatewayRedis": ["CHiredis", "GatewayStore", "GatewayTLS"],
        "GatewaySandbox": ["CDialects", "GatewayHTTP", "GatewayHTTP2", "GatewayTLS"],
        "GatewayProxy": [
            "CMalloc", "GatewayConfiguration", "GatewayDocuments", "GatewayHTTP", "GatewayHTTP2", "GatewayIdentity",
            "GatewayJSON", "GatewayMetrics", "GatewayRedis", "GatewayStore", "GatewayThreads", "GatewayTLS",
            "GatewayTracing", "GatewayTranslation",
        ],
        "GatewayPush": ["GatewayHTTP", "GatewayHTTP2", "GatewayJSON", "GatewayTLS"],
        "product-gateway": [
            "GatewayPush",
            "GatewayConfiguration", "GatewayDocuments", "GatewayHTTP", "GatewayIdentity", "GatewayJSON", "GatewayProxy",
            "GatewaySandbox", "GatewayStore", "GatewayTLS", "GatewayTranslation",
        ],
    ]

    private static func isOurs(_ module: String) -> Bool {
        let libraries = [
            "CDialects", "CHiredis", "CMalloc", "CNghttp2", "COpenSSL", "CSQLite", "CTextScan", "CZlib",
        ]
        return module.hasPrefix("Gateway") || libraries.contains(module)
    }

    private static func isNIO(_ module: String) -> Bool { module.hasPrefix("NIO") }

    @Test("the sources are there to be read")
    func sources() {
        #expect(SourceFile.all.count > 100)
        for module in Self.allowed.keys where module != "GatewayMetrics" {
            #expect(SourceFile.all.contains { $0.module == module }, "no file of \(module) was found")
        }
    }

    @Test("modules import each other only in the direction of ARCHITECTURE.md")
    func direction() {
        for file in SourceFile.all {
            guard let allowed = Self.allowed[file.module] else {
                Issue.record(
                    """
                    \(file.path): the module \(file.module) is new; say in ArchitectureTests and ARCHITECTURE.md \
                    what it may import
                    """)
                continue
            }
            for module in file.imports where Self.isOurs(module) && !allowed.contains(module) {
                Issue.record(
                    """
                    \(file.path) imports \(module); \(file.module) may not: pass the value in from above, or move \
                    the code to the module that may
                    """)
            }
        }
    }

    /// Connections, and what proves who somebody is.
    private static let seeOpenSSL: Set<String> = ["GatewayTLS", "GatewayIdentity"]

    @Test("only the wrappers see C")
    func wrappers() {
        for file in SourceFile.all {
            #expect(
                !file.imports.contains("CNghttp2") || file.module == "GatewayHTTP2",
                "\(file.path) imports CNghttp2: use HTTP2Session, or give it what is missing")
            #expect(
                !file.imports.contains("COpenSSL") || Self.seeOpenSSL.contains(file.module),
                "\(file.path) imports COpenSSL: use TLSConnection or PublicKey, or give it what is missing")
            #expect(
                !file.imports.contains("CHiredis") || file.module == "GatewayRedis",
                "\(file.path) imports CHiredis: use RedisReader, or give it what is missing")
            #expect(
                !file.imports.contains("CSQLite") || file.module == "GatewayStore",
                "\(file.path) imports CSQLite: use FileStore, or give it what is missing")
        }
    }

    @Test("the names of C libraries stay in their wrapper")
    func foreignNames() {
        for file in SourceFile.all {
            if file.module != "GatewayHTTP2" {
                for line in file.codeLines(where: { $0.contains("nghttp2_") || $0.contains("NGHTTP2_") }) {
                    Issue.record("\(file.path):\(line) names libnghttp2: use HTTP2Session")
                }
            }
            if file.module != "GatewayStore" {
                for line in file.codeLines(where: { $0.contains("sqlite3_") || $0.contains("SQLITE_") }) {
                    Issue.record("\(file.path):\(line) names SQLite: use FileStore")
                }
            }
            if !Self.seeOpenSSL.contains(file.module) {
                for line in file.codeLines(where: { code in
                    ["SSL_", "X509_", "EVP_", "BIO_", "ERR_get_error"].contains { code.containsWord(beginning: $0) }
                }) {
                    Issue.record("\(file.path):\(line) names OpenSSL: use TLSConnection or TLSContext")
                }
            }
        }
    }

    @Test("functions that take an SSL stay in TLSConnection, those that take an SSL_CTX in TLSContext")
    func untypedPointers() {
        for file in SourceFile.all where file.module == "GatewayTLS" {
            if !file.name.hasPrefix("TLSContext") {
                for line in file.codeLines(where: { $0.containsWord(beginning: "SSL_CTX_") }) {
                    Issue.record(
                        """
                        \(file.path):\(line) calls an SSL_CTX function: both pointers are one type to Swift; call it \
                        in TLSContext*.swift
                        """)
                }
            }
        }
    }

    @Test("the pure modules import no NIO, no Foundation and no C library")
    func pure() {
        for file in SourceFile.all
        where ["GatewayHTTP", "GatewayJSON", "GatewayDocuments", "GatewayTranslation"].contains(file.module) {
            for module in file.imports
            where Self.isNIO(module) || Self.foundations.contains(module) || Self.systemLibraries.contains(module) {
                Issue.record(
                    """
                    \(file.path) imports \(module): \(file.module) is pure, so that it can be run without a socket; \
                    work on bytes and take the rest as a parameter
                    """)
            }
        }
    }

    @Test("reading the configuration needs no event loop")
    func configuration() {
        for file in SourceFile.all where file.module == "GatewayConfiguration" {
            for module in file.imports where Self.isNIO(module) || module == "Foundation" {
                Issue.record(
                    "\(file.path) imports \(module): read files and the environment through ConfigurationInputs")
            }
        }
    }

    @Test("the product takes of Foundation the essentials only")
    func foundation() {
        for file in SourceFile.all where file.imports.contains("Foundation") {
            Issue.record(
                """
                \(file.path) imports Foundation, which brings 30 MB of language data into the static binary: import \
                FoundationEssentials, or do without
                """)
        }
    }

    @Test("the sandbox shares nothing with the translation that it tests")
    func sandbox() {
        for file in SourceFile.all where file.module == "GatewaySandbox" {
            for module in file.imports
            where ["GatewayJSON", "GatewayDocuments", "GatewayTranslation", "GatewayProxy", "GatewayConfiguration"]
                .contains(module)
            {
                Issue.record(
                    """
                    \(file.path) imports \(module): a wrong mapping must not agree with itself; the stand-ins have \
                    their own JSON
                    """)
            }
        }
    }

    @Test("the leaves speak no HTTP/1.1 and open no sockets")
    func sockets() {
        for file in SourceFile.all where Self.leaves.contains(file.module) {
            for module in file.imports where module == "NIOPosix" || module == "NIOHTTP1" {
                Issue.record("\(file.path) imports \(module): leaves perform no I/O; do that in GatewayProxy")
            }
        }
    }

    @Test("what is asked and answered knows no version of HTTP")
    func versions() {
        let neutral = [
            "Intake/", "Admission/", "Receiving/", "Bulk/", "Idempotency/", "Exchange/", "Delivery/", "Answering/",
            "Recording/",
            "Trace/",
            "Targets/", "Upstream/Attempt", "Upstream/UpstreamRequest",
        ]
        for file in SourceFile.all where neutral.contains(where: { file.path.hasPrefix("Sources/GatewayProxy/\($0)") })
        {
            for module in file.imports where module == "GatewayHTTP2" || module == "NIOHTTP1" {
                Issue.record("\(file.path) imports \(module): use what GatewayHTTP has for every version")
            }
        }
    }

    @Test(
        "nothing in the product gives up the process",
        arguments: [
            ("fatalError(", "throw an error, or answer with a problem"),
            ("preconditionFailure(", "throw an error, or answer with a problem"),
            ("precondition(", "throw an error; assert( is for our own mistakes"),
            ("try!", "catch the error"),
            ("as!", "use as? and say what to do when it is something else"),
            ("unsafeBitCast", "convert the value"),
            ("nonisolated(unsafe)", "use a Mutex or an Atomic, or stay on the event loop"),
            ("abort()", "throw an error"),
        ])
    func traps(text: String, instead: String) {
        for file in SourceFile.all {
            for line in file.codeLines(where: { $0.containsWord(beginning: text) }) {
                Issue.record("\(file.path):\(line) has \(text): a peer could reach it; \(instead)")
            }
        }
    }

    @Test("no optional is unwrapped by force, declared so or assumed")
    func forcedUnwraps() {
        for file in SourceFile.all {
            for line in file.codeLines(where: { $0.hasForcedUnwrap }) {
                Issue.record(
                    """
                    \(file.path):\(line) unwraps by force: use guard let, if let or ?? and say what happens without \
                    a value
                    """)
            }
        }
    }

    @Test("nothing is left to do")
    func leftovers() {
        for file in SourceFile.all {
            for (number, line) in file.lines.enumerated() {
                for mark in ["TODO", "FIXME", "XXX:", "HACK"] where line.contains(mark) {
                    Issue.record("\(file.path):\(number + 1) says \(mark): do it, or file an issue and link it")
                }
            }
        }
    }

    @Test("no file is longer than 400 lines")
    func length() {
        for file in SourceFile.all where file.lines.count > 401 {
            Issue.record(
                "\(file.path) has \(file.lines.count) lines: split it by concern into Type+Concern.swift")
        }
    }

    /// Longer than the others, each with its reason.
    private static let longFunctions: [String: String] = [
        "Configuration+Reading.swift init": "reads one object, key by key",
        "Gateway.swift start": "starts everything in one order, and takes it back where a step fails",
        "JSONParser.swift run": "the grammar's states share their variables, which stay in registers",
        "LimitsConfiguration.swift init": "reads one object, key by key",
        "Metric+Counted.swift counted": "one row for each metric",
        "Metric+Declaration.swift written": "one row for each metric",
        "ProblemCode+Example.swift example": "one row for each code",
        "ProblemCode+Meaning.swift meaning": "one row for each code",
        "TargetConfiguration.swift init": "reads one object, key by key",
    ]

    @Test("no function is longer than 60 lines without a reason")
    func functionLength() {
        var long: Set<String> = []
        for file in SourceFile.all {
            for function in file.functions where function.lineCount > 60 {
                let key = "\(file.name) \(function.name)"
                long.insert(key)
                if Self.longFunctions[key] == nil {
                    Issue.record(
                        """
                        \(file.path):\(function.line) has \(function.lineCount) lines in \(function.name): give a part \
                        of it a name of its own, or add "\(key)" to longFunctions with the reason
                        """)
                }
            }
        }
        for key in Self.longFunctions.keys where !long.contains(key) {
            Issue.record("\(key) is no longer that long: take it from longFunctions")
        }
    }

    @Test("files are named after what they hold, not after a pattern")
    func names() {
        for file in SourceFile.all {
            let name = String(file.name.dropLast(".swift".count))
            for word in ["Utils", "Util", "Helpers", "Helper", "Manager", "Impl", "Base", "Common"]
            where name == word || (name.hasSuffix(word) && name.first != "_" && !name.contains("+")) {
                Issue.record("\(file.path): \(word) says nothing; name the role")
            }
        }
    }
}

extension String {
    /// Whether `text` occurs and is not the end of a longer word.
    fileprivate func containsWord(beginning text: String) -> Bool {
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            let before = range.lowerBound > self.startIndex ? self[self.index(before: range.lowerBound)] : " "
            if !before.isLetter, !before.isNumber, before != "_", before != "." || text.hasPrefix("as") {
                return true
            }
            rest = rest[range.upperBound...]
        }
        return false
    }

    /// A `!` right behind a name, a bracket or a `)`, and not the start of `!=`.
    fileprivate var hasForcedUnwrap: Bool {
        let characters = Array(self)
        for (index, character) in characters.enumerated() where character == "!" && index > 0 {
            let before = characters[index - 1]
            let after = index + 1 < characters.count ? characters[index + 1] : " "
            let isPostfix = before.isLetter || before.isNumber || [")", "]", "_", "}", ">"].contains(before)
            if isPostfix, after != "=" || (index + 2 < characters.count && characters[index + 2] == "=") {
                return true
            }
        }
        return false
    }
}

@Suite("Reading sources")
struct SourceTextTests {
    @Test(
        "comments and literals are no code, interpolations are",
        arguments: [
            ("let a = 1 // try! this", "let a = 1 "),
            ("let a = \"try! \\(b!) x\" + c", "let a = \"\" b! + c"),
            ("let a = #\"a \" b\"# + c", "let a = \"\" + c"),
            ("a /* b /* c */ d */ e", "a  e"),
            ("let s = \"\\\"\" + t!", "let s = \"\" + t!"),
        ])
    func code(text: String, expected: String) {
        #expect(SourceText.code(of: text) == [expected])
    }

    @Test("literals of several lines are taken out line by line")
    func multiline() {
        #expect(SourceText.code(of: "a(\"\"\"\n  try! x\n  \"\"\")\nb") == ["a(\"\"", "", ")", "b"])
    }

    @Test(
        "forced unwraps are told from negations and comparisons",
        arguments: [
            ("a!", true), ("a()!.b", true), ("a[0]!", true), ("var a: Int!", true), ("a! == b", true),
            ("!a", false), ("a != b", false), ("a !== b", false), ("if !a.b { }", false), ("(!a)", false),
            ("a!= b", false),
        ])
    func unwraps(code: String, isFound: Bool) {
        #expect(code.hasForcedUnwrap == isFound)
    }

    @Test("functions are found with their length, whatever their signature looks like")
    func functions() {
        let file = SourceFile(
            path: "Sources/A/B.swift", module: "A",
            text: """
                protocol P { func required() }
                @inline(__always) package static func one(a: Int) { a }
                private init?(
                    reading text: String, by b: [Int: Int]
                ) throws(E)
                where T: P {
                    self.init(a: { $0 })
                    run("}") { _ in }
                }
                var plain = 1
                var long: Int {
                    get { 1 }
                    func inner() {
                    }
                }
                func f(
                    x: Int
                ) -> Int
                """)
        #expect(file.functions.map(\.name) == ["one", "init", "long", "inner"])
        #expect(file.functions.map(\.line) == [2, 3, 11, 13])
        #expect(file.functions.map(\.lineCount) == [1, 7, 5, 2])
    }

    @Test("imports are read with their access and their kind")
    func imports() {
        let file = SourceFile(
            path: "Sources/A/B.swift", module: "A",
            text: """
                import NIOCore
                package import GatewayJSON
                internal import CNghttp2
                import struct Foundation.Data
                // import Not
                """)
        #expect(file.imports == ["NIOCore", "GatewayJSON", "CNghttp2", "Foundation"])
    }
}
