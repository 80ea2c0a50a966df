import Foundation
import Testing

@testable import GatewayConfiguration

@Suite("Files of this machine")
struct SystemFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gateway-files-\(UUID().uuidString)")

    private func inFolder(_ body: (String) throws -> Void) throws {
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: self.folder) }
        try body(self.folder.path)
    }

    @Test("a regular file is read, also through a link, up to its limit")
    func regular() throws {
        try self.inFolder { folder in
            try "content".write(toFile: "\(folder)/file", atomically: false, encoding: .utf8)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "file")
            #expect(SystemFile.read("\(folder)/file", bytesMax: 7) == .success(Array("content".utf8)))
            #expect(SystemFile.read("\(folder)/link", bytesMax: 7) == .success(Array("content".utf8)))
            #expect(SystemFile.read("\(folder)/file", bytesMax: 6) == .failure(.tooLarge(bytesMax: 6)))
        }
    }

    @Test("a directory, a pipe and a device are refused at once, whoever waits at their other end")
    func notRegular() throws {
        try self.inFolder { folder in
            #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
            #expect(SystemFile.read(folder, bytesMax: 10) == .failure(.notRegular(kind: "a directory")))
            #expect(SystemFile.read("\(folder)/pipe", bytesMax: 10) == .failure(.notRegular(kind: "a pipe")))
            #expect(SystemFile.read("/dev/zero", bytesMax: 10) == .failure(.notRegular(kind: "a device")))
            #expect("\(FileError.notRegular(kind: "a pipe"))" == "is a pipe, not a regular file")
        }
    }

    @Test("a socket is refused")
    func socket() throws {
        try self.inFolder { folder in
            let path = "\(folder)/s"
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(bound == 0)
            #expect(SystemFile.read(path, bytesMax: 10) == .failure(.notRegular(kind: "a socket")))
        }
    }

    @Test("what is not there may come; a link in a circle will not")
    func absent() throws {
        try self.inFolder { folder in
            try "".write(toFile: "\(folder)/file", atomically: false, encoding: .utf8)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/circle", withDestinationPath: "circle")
            func isAbsence(_ path: String) -> Bool? {
                guard case .failure(let error) = SystemFile.read(path, bytesMax: 10) else { return nil }
                return error.isAbsence
            }
            #expect(isAbsence("\(folder)/none") == true)
            #expect(isAbsence("\(folder)/file/none") == true)
            #expect(isAbsence("\(folder)/circle") == false)
            #expect(isAbsence("\(folder)/file\u{0}") == false)
        }
    }

    @Test("a document for one command may be a pipe")
    func document() throws {
        try self.inFolder { folder in
            let path = "\(folder)/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            let writer = Thread { try? "content".write(toFile: path, atomically: false, encoding: .utf8) }
            writer.start()
            #expect(SystemFile.readDocument(path, bytesMax: 10) == .success(Array("content".utf8)))
        }
    }
}
