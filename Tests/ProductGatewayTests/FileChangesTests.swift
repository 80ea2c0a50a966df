import Foundation
import GatewayConfiguration
import Testing

@testable import product_gateway

@Suite("Changes of the files that a configuration was made from")
struct FileChangesTests {
    /// A folder that exists only for one test.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

        init() throws {
            try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: self.url) }

        func path(_ name: String) -> String { self.url.appendingPathComponent(name).path }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: self.url.appendingPathComponent(name))
        }

        /// As `ln -sfn`: a new link takes the place of the old one in one step.
        func link(_ name: String, to destination: String) throws {
            let temporary = self.path(name + ".new")
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: destination)
            #expect(rename(temporary, self.path(name)) == 0)
        }

        func file(_ name: String) -> ConfigurationFile {
            let path = self.path(name)
            return ConfigurationFile(path: path, state: FileState(path: path))
        }
    }

    private static func look(_ changes: inout FileChanges) -> FileChanges.Decision {
        changes.look(FileState.init(path:))
    }

    @Test("files that stay as they are are no change, those that are not there among them")
    func nothing() throws {
        let folder = try Folder()
        try folder.write("a", "1")
        var changes = FileChanges()
        changes.follow([folder.file("a"), folder.file("absent")])
        for _ in 0..<3 { #expect(Self.look(&changes) == .nothing) }
    }

    @Test("a change counts when it has come to rest, and once")
    func settles() throws {
        let folder = try Folder()
        try folder.write("a", "1")
        try folder.write("b", "1")
        var changes = FileChanges()
        changes.follow([folder.file("a"), folder.file("b")])
        try folder.write("a", "22")
        #expect(Self.look(&changes) == .lookAgain)
        try folder.write("b", "22")
        #expect(Self.look(&changes) == .lookAgain)
        #expect(Self.look(&changes) == .changed([folder.path("a"), folder.path("b")]))
        #expect(Self.look(&changes) == .nothing)
    }

    @Test("a file that never rests is reported all the same")
    func restless() throws {
        let folder = try Folder()
        try folder.write("a", "")
        var changes = FileChanges()
        changes.follow([folder.file("a")])
        var looks = 0
        var decision = FileChanges.Decision.nothing
        repeat {
            looks += 1
            try folder.write("a", String(repeating: "x", count: looks))
            decision = Self.look(&changes)
        } while decision == .lookAgain && looks < 100
        #expect(decision == .changed([folder.path("a")]))
        #expect(looks == 11)
    }

    @Test("a link that leads elsewhere now is a change, as Kubernetes makes it")
    func symbolicLinks() throws {
        let folder = try Folder()
        for version in ["v1", "v2"] {
            try FileManager.default.createDirectory(
                at: folder.url.appendingPathComponent(version), withIntermediateDirectories: false)
            try folder.write("\(version)/tls.crt", "same")
        }
        try folder.link("..data", to: "v1")
        try folder.link("tls.crt", to: "..data/tls.crt")
        var changes = FileChanges()
        changes.follow([folder.file("tls.crt")])
        #expect(Self.look(&changes) == .nothing)
        try folder.link("..data", to: "v2")
        #expect(Self.look(&changes) == .lookAgain)
        #expect(Self.look(&changes) == .changed([folder.path("tls.crt")]))
    }

    @Test("a file that is replaced, taken away, or comes, is a change")
    func replaced() throws {
        let folder = try Folder()
        try folder.write("a", "1")
        var changes = FileChanges()
        changes.follow([folder.file("a"), folder.file("b")])
        try folder.write("a.new", "1")
        #expect(rename(folder.path("a.new"), folder.path("a")) == 0)
        #expect(Self.look(&changes) == .lookAgain)
        #expect(Self.look(&changes) == .changed([folder.path("a")]))
        #expect(unlink(folder.path("a")) == 0)
        #expect(Self.look(&changes) == .lookAgain)
        #expect(Self.look(&changes) == .changed([folder.path("a")]))
        try folder.write("b", "1")
        #expect(Self.look(&changes) == .lookAgain)
        #expect(Self.look(&changes) == .changed([folder.path("b")]))
    }

    @Test("what changes between reading and following is not missed")
    func betweenReadingAndFollowing() throws {
        let folder = try Folder()
        try folder.write("a", "1")
        let file = folder.file("a")
        try folder.write("a", "22")
        var changes = FileChanges()
        changes.follow([file])
        #expect(Self.look(&changes) == .lookAgain)
        // Following anew, as a reload does, forgets what was seen.
        changes.follow([folder.file("a")])
        #expect(Self.look(&changes) == .nothing)
    }
}
