import Foundation

/// Runs the built `product-gateway` as a user does, in a folder of its own.
struct BuiltBinary {
    struct Outcome {
        let exitCode: Int32
        let output: String
        let errors: String

        /// Standard output as JSON; empty where it is none.
        var document: [String: Any] {
            let object = try? JSONSerialization.jsonObject(with: Data(self.output.utf8))
            return object as? [String: Any] ?? [:]
        }
    }

    enum Failure: Error { case notBuilt(String) }

    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    let folder: URL

    /// The package's tests and its products are built into one folder.
    private static var executable: URL {
        get throws {
            var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            for _ in 0..<4 {
                let file = folder.appending(path: "product-gateway")
                if FileManager.default.isExecutableFile(atPath: file.path) { return file }
                folder.deleteLastPathComponent()
            }
            throw Failure.notBuilt(CommandLine.arguments[0])
        }
    }

    /// Makes a new folder and puts these files into it.
    init(files: [String: String] = [:]) throws {
        self.folder = FileManager.default.temporaryDirectory
            .appending(path: "product-gateway-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(to: self.folder.appending(path: name), atomically: false, encoding: .utf8)
        }
    }

    func remove() { try? FileManager.default.removeItem(at: self.folder) }

    /// Runs to the end.
    func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) throws -> Outcome {
        try self.run(arguments, input: input, environment: environment)
    }

    /// Runs a line of a shell in which `product-gateway` is the built binary.
    func shell(_ line: String) throws -> Outcome {
        let path = try Self.executable.deletingLastPathComponent().path
        return try self.run(
            ["-c", line], executable: URL(filePath: "/bin/sh"), environment: ["PATH": "\(path):/usr/bin:/bin"])
    }

    /// Runs to the end. Standard input and error are files, so that no pipe can fill or break.
    func run(
        _ arguments: [String], executable: URL? = nil, input: String = "", environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = try executable ?? Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = self.folder
        process.environment = environment
        let output = Pipe()
        let standardInput = self.folder.appending(path: "stdin-\(UUID().uuidString)")
        try input.write(to: standardInput, atomically: false, encoding: .utf8)
        let errors = self.folder.appending(path: "stderr-\(UUID().uuidString)")
        try "".write(to: errors, atomically: false, encoding: .utf8)
        process.standardInput = try FileHandle(forReadingFrom: standardInput)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            exitCode: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}
