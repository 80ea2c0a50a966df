import Foundation
import Glibc
import Testing

@testable import product_gateway

/// Answers one connection on a port of this machine with fixed bytes, or with nothing.
private final class OneAnswer {
    let port: Int
    private let listener: Int32

    /// - Parameter text: nil accepts and never answers.
    init(_ text: String?) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        try #require(isBound)
        self.port = Int(UInt16(bigEndian: address.sin_port))
        guard let text else { return }
        Thread.detachNewThread {
            let connection = accept(listener, nil, nil)
            var request = [UInt8](repeating: 0, count: 4096)
            _ = recv(connection, &request, request.count, 0)
            let bytes = Array(text.utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(connection)
        }
    }

    deinit { close(self.listener) }
}

@Suite("product-gateway healthcheck")
struct HealthcheckCommandTests {
    private static func check(_ url: String, _ more: String...) throws -> BuiltBinary.Outcome {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        return try binary.run("healthcheck", "--url", url, "--timeout", more.first ?? "20")
    }

    @Test("a gateway that is ready is healthy, without a word")
    func ready() throws {
        let server = try OneAnswer("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nready\n")
        let outcome = try Self.check("http://127.0.0.1:\(server.port)")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output + outcome.errors == "")
    }

    @Test("one that is not says why")
    func notReady() throws {
        let server = try OneAnswer(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 9\r\n\r\ndraining\n")
        let outcome = try Self.check("http://127.0.0.1:\(server.port)/readyz")
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.errors
                == "not ready: http://127.0.0.1:\(server.port)/readyz answered 503 draining\n")
    }

    @Test("garbage, silence and a closed port are no health")
    func noAnswer() throws {
        let garbage = try OneAnswer("SSH-2.0-OpenSSH\r\n")
        let silence = try OneAnswer(nil)
        let gone = try OneAnswer("").port
        #expect(
            try Self.check("http://127.0.0.1:\(garbage.port)").errors.contains("it does not speak HTTP/1.1"))
        let slow = try Self.check("http://127.0.0.1:\(silence.port)", "0.1")
        #expect(slow.exitCode == 1)
        #expect(slow.errors.contains("timed out"))
        #expect(try Self.check("http://127.0.0.1:\(gone)").exitCode == 1)
    }

    @Test("the admin listener is found in a configuration, mistakes elsewhere or not")
    func configured() throws {
        let server = try OneAnswer("HTTP/1.1 200 OK\r\n\r\n")
        let binary = try BuiltBinary(files: [
            "gateway.json": #"{"admin": {"host": "0.0.0.0", "port": \#(server.port)}, "tragets": {}}"#
        ])
        defer { binary.remove() }
        #expect(try binary.run("healthcheck").exitCode == 0)
    }

    @Test(
        "a URL that cannot be asked is wrong usage",
        arguments: ["ftp://127.0.0.1", "127.0.0.1:9901", "http://127.0.0.1/?x"])
    func usage(url: String) throws {
        #expect(try Self.check(url).exitCode == 64)
    }

    @Test(
        "only an HTTP/1 answer is read as one",
        arguments: [
            ("HTTP/1.1 200 OK\r\n\r\nready\nmore", 200, "ready"), ("HTTP/1.0 503 \r\n\r\n", 503, ""),
            ("HTTP/1.1 200", 200, ""),
        ])
    func parse(text: String, status: Int, firstLine: String) {
        #expect(
            HealthProbe.parse(Array(text.utf8))
                == HealthProbe.Answer(status: status, firstLine: firstLine))
        #expect(HealthProbe.parse(Array(text.dropFirst().utf8)) == nil)
    }
}
