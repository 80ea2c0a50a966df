import Foundation

/// One Swift file of the product, and what a simple reading tells of it.
struct SourceFile: Sendable {
    /// `Sources/GatewayHTTP2/HTTP2Session.swift`
    let path: String
    let module: String
    let lines: [String]
    /// The same lines without comments and without what stands in string literals.
    let code: [String]

    /// `HTTP2Session.swift`
    var name: String { self.path.split(separator: "/").last.map(String.init) ?? "" }

    /// Every Swift file below `Sources`.
    static let all: [SourceFile] = {
        let sources = Self.root.appendingPathComponent("Sources")
        let found = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var files: [SourceFile] = []
        while let url = found?.nextObject() as? URL {
            guard url.pathExtension == "swift",
                let text = try? String(contentsOf: url, encoding: .utf8)
            else { continue }
            // Not `url.path` from the front: a folder may be a link.
            let parts = url.pathComponents
            guard let start = parts.lastIndex(of: "Sources"), start + 1 < parts.count else { continue }
            files.append(
                SourceFile(path: parts[start...].joined(separator: "/"), module: parts[start + 1], text: text))
        }
        return files.sorted { $0.path < $1.path }
    }()

    /// The package's folder, found from this file's own place.
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init(path: String, module: String, text: String) {
        self.path = path
        self.module = module
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.code = SourceText.code(of: text)
    }

    /// The modules that the file imports.
    var imports: Set<String> {
        Set(
            self.code.compactMap { line in
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2,
                    words[..<position].allSatisfy({ Self.importPrefixes.contains(String($0)) })
                else { return nil }
                let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "typealias"]
                let name = words[(position + 1)...].first { !kinds.contains($0) }
                return name?.split(separator: ".").first.map(String.init)
            })
    }

    private static let importPrefixes: Set<String> = [
        "package", "internal", "public", "private", "fileprivate", "@testable", "@preconcurrency",
        "@_implementationOnly", "@_exported",
    ]

    /// The names of the types that the file declares: those at the top level that other files see, and those inside
    /// other types or extensions.
    var types: (top: Set<String>, nested: Set<String>) {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        var (top, nested): (Set<String>, Set<String>) = ([], [])
        var depth = 0
        for line in self.code {
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }
            if let kind = words.firstIndex(where: { kinds.contains($0) }), kind + 1 < words.count,
                words[..<kind].allSatisfy({ $0.first == "@" || Self.typeModifiers.contains(String($0)) })
            {
                if depth > 0 {
                    nested.insert(String(words[kind + 1]))
                } else if !words[..<kind].contains(where: { $0 == "private" || $0 == "fileprivate" }) {
                    top.insert(String(words[kind + 1]))
                }
            }
            for character in line where character == "{" || character == "}" { depth += character == "{" ? 1 : -1 }
        }
        return (top, nested)
    }

    private static let typeModifiers: Set<String> = [
        "package", "internal", "public", "private", "fileprivate", "final", "indirect",
    ]

    /// The numbers (from 1) of the code lines that `isFound` says yes to.
    func codeLines(where isFound: (String) -> Bool) -> [Int] {
        self.code.enumerated().filter { isFound($0.element) }.map { $0.offset + 1 }
    }
}
