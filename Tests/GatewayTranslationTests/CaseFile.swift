import Foundation
import GatewayTranslation

/// One golden case, in a file of `Cases` or of a dialect's own folder.
struct CaseFile: Sendable, CustomStringConvertible {
    let name: String
    let golden: DialectCase
    private let target: String

    var description: String { self.name }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// All files of golden cases, as paths from the package's folder.
    static let paths: [String] = {
        let folders = ["Tests/GatewayTranslationTests/Cases", "dialects"]
        return folders.flatMap { folder in
            let paths = try? FileManager.default.subpathsOfDirectory(atPath: Self.root.appending(path: folder).path)
            return (paths ?? []).filter { $0.hasSuffix(".case") }.sorted().map { "\(folder)/\($0)" }
        }
    }()

    static let all: [CaseFile] = Self.paths.compactMap { try? CaseFile(path: $0) }

    init(path: String) throws {
        let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
        self.name = path
        self.golden = try DialectCase(parsing: text)
        let steps = path.split(separator: "/")
        self.target = self.golden.settings["target"] ?? String(steps.count > 1 ? steps[1] : "")
    }

    func plan() throws -> TargetPlan {
        try TargetPlan(
            targetName: self.target, dialect: Dialect(named: self.target), options: self.golden.options())
    }
}
