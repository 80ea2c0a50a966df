import ArgumentParser
import FoundationEssentials
import GatewayConfiguration
import GatewayTranslation

/// `product-gateway dialect test FILE CASES`.
struct DialectTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run golden cases of a dialect and print those that do not hold.",
        discussion: """
            A case is a file that ends with .case: settings, what goes in, what must come out; dialects/README.md \
            describes it, and the folders of the built-in dialects are full of them. Nothing is sent.

            EXAMPLES
              product-gateway dialect test acme.json cases/
              product-gateway dialect test stripe dialects/stripe/cases
              product-gateway dialect test acme.json --verbose cases/create.case

            EXIT CODES
              0  all cases hold
              1  some do not, or the dialect has mistakes
              64 the command line cannot be understood, or there is no case
            """)

    @Argument(help: "A dialect document, or the name of a built-in dialect.")
    var file: String

    @Argument(help: "Cases: files, or folders with files that end with .case.")
    var cases: [String]

    @Flag(help: "Print what came out of every case.")
    var verbose = false

    func run() throws {
        let dialect = try DialectCommand.read(self.file)
        let paths = self.cases.flatMap(Self.files).sorted()
        guard !paths.isEmpty else { throw ValidationError("there is no case in \(self.cases.joined(separator: ", "))") }
        var failed = 0
        for path in paths where !self.holds(path, dialect) { failed += 1 }
        Terminal.output("\(paths.count - failed) of \(paths.count) cases hold")
        if failed > 0 { throw ExitCode.failure }
    }

    /// Runs one case, and prints what is wrong with it.
    private func holds(_ path: String, _ dialect: Dialect) -> Bool {
        do {
            guard case .success(let bytes) = SystemFile.readDocument(path, bytesMax: 16 << 20) else {
                Terminal.output("\(path) cannot be read")
                return false
            }
            let golden = try DialectCase(parsing: String(decoding: bytes, as: UTF8.self))
            if let target = golden.settings["target"], target != dialect.name {
                Terminal.output("\(path): the case is one of \"\(target)\", not of \"\(dialect.name)\"")
                return false
            }
            let plan = try TargetPlan(targetName: dialect.name, dialect: dialect, options: golden.options())
            let run = DialectCaseRun(golden, at: plan)
            let mistakes = run.mistakes()
            if self.verbose {
                Terminal.output("\(path)\n" + run.outcome().map { "  found: \($0)" }.joined(separator: "\n"))
            }
            if mistakes.isEmpty { return true }
            Terminal.output("\(path)\n" + mistakes.map { "  \($0)" }.joined(separator: "\n"))
        } catch let error as DialectCase.ReadingError {
            Terminal.output("\(path): \(error.message)")
        } catch let error as TargetPlanError {
            Terminal.output("\(path)\n" + error.errors.map { "  \($0.option): \($0.message)" }.joined(separator: "\n"))
        } catch {
            Terminal.output("\(path): \(error)")
        }
        return false
    }

    /// The cases in a folder and those below it; or the file itself.
    private static func files(_ path: String) -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else { return [path] }
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".case") }.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }
}
