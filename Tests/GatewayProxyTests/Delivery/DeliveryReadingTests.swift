import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("A delivery that reads: before it writes, and after an answer was lost")
struct DeliveryReadingTests {
    @Test("a vendor that replaces is read first; a read that fails has changed nothing")
    func reading() throws {
        let bench = try DeliveryBench(attemptsMax: 1, replaces: true)
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "GET")
        connection.end(.endedWithoutAnswer(reason: "closed"))
        #expect(bench.problem?.outcome == .notSent)
        #expect(bench.problem?.detail.contains("this attempt changed nothing") == true)
        #expect(!bench.delivery.mayHaveActed)
    }

    @Test("reading and writing have their tries each")
    func readingAndWriting() throws {
        let bench = try DeliveryBench(attemptsMax: 2, replaces: true)
        let connection = try bench.accept()
        connection.end(.refused)
        bench.resume()
        connection.answer(200, body: #"{"id":"p-1","name":"old","description":"kept"}"#)
        #expect(connection.requests.count == 3)
        #expect(String(decoding: connection.requests[2].body, as: UTF8.self).contains("kept"))
        connection.end(.refused)
        bench.resume()
        // What was merged may be older than somebody else's change by now.
        #expect(connection.requests[3].method == "GET")
        connection.answer(200, body: #"{"id":"p-1","name":"old","description":"changed meanwhile"}"#)
        #expect(String(decoding: connection.requests[4].body, as: UTF8.self).contains("changed meanwhile"))
        connection.answer(200, body: DeliveryBench.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 5)
    }

    @Test("a product that somebody else has changed since it was read is read again")
    func changedMeanwhile() throws {
        let bench = try DeliveryBench(replaces: true)
        let connection = try bench.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.answer(412)
        #expect(connection.requests[2].method == "GET")
        connection.answer(200, body: #"{"id":"p-1","name":"old","description":"theirs"}"#, etag: "\"2\"")
        #expect(connection.requests[3].content.headers.contains { $0 == ("if-match", "\"2\"") })
        #expect(String(decoding: connection.requests[3].body, as: UTF8.self).contains("theirs"))
        connection.answer(200, body: DeliveryBench.product)
        #expect(bench.isProduct)
    }

    @Test("a product of which somebody else has changed what this update writes is a conflict, not written over")
    func changedByOthers() throws {
        let bench = try DeliveryBench(replaces: true)
        let connection = try bench.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.answer(409)
        connection.answer(200, body: #"{"id":"p-1","name":"theirs"}"#, etag: "\"2\"")
        #expect(bench.problem?.code == .conflict)
        #expect(bench.problem?.outcome == .rejected)
        #expect(connection.requests.map(\.method) == ["GET", "PUT", "GET"])
    }

    @Test("a write that was lost and turns out to have arrived is a success, and not written again")
    func arrivedAfterAll() throws {
        let bench = try DeliveryBench(replaces: true)
        let connection = try bench.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.end(.endedWithoutAnswer(reason: "closed"))
        bench.resume()
        connection.answer(200, body: DeliveryBench.product, etag: "\"2\"")
        #expect(bench.isProduct)
        #expect(bench.delivery.entityTag == "\"2\"")
        #expect(connection.requests.map(\.method) == ["GET", "PUT", "GET"])
    }

    @Test(
        "a conflict right after an unanswered update may be with itself: the product is read", arguments: [true, false])
    func conflictWithItself(isItself: Bool) throws {
        let bench = try DeliveryBench()
        let connection = try bench.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        bench.resume()
        connection.answer(409, body: "{}")
        #expect(connection.requests.map(\.method) == ["PUT", "PUT", "GET"])
        connection.answer(200, body: isItself ? DeliveryBench.product : #"{"id":"p-1","name":"theirs"}"#)
        #expect(bench.isProduct == isItself)
        #expect(bench.problem?.outcome == (isItself ? nil : .unknown))
        #expect(bench.problem?.code == (isItself ? nil : .conflict))
    }

    private static func finding() throws -> Dialect {
        try Dialect(
            parsing: Array(
                """
                {"format": 1, "name": "acme", "title": "Acme",
                 "operations": {
                   "update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"},
                   "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"},
                              "find": {"path": "/p?name={/name}", "product": "/items/0"}}},
                 "answer": {"fields": "", "id": "/id", "required": ["/id"]},
                 "fields": {"/name": {"vendor": "/name"}}}
                """.utf8))
    }

    @Test(
        "a create whose answer was lost is looked up before anybody is told that nobody knows",
        arguments: [
            AttemptFailure.endedWithoutAnswer(reason: "closed"), .timedOut, .answerCutShort(status: 201, reason: ""),
        ])
    func lookedUp(failure: AttemptFailure) throws {
        let found = try DeliveryBench(.create, dialect: Self.finding())
        let connection = try found.accept()
        connection.end(failure)
        #expect(connection.requests[1].content.pathText == "/p?name=x")
        connection.answer(200, body: #"{"items":[{"id":"77","name":"x"}]}"#)
        #expect(found.isProduct)
        #expect(found.delivery.productID == Array("77".utf8))
    }

    @Test(
        "what is not there, is another product, is there twice, or cannot be looked up stays unknown",
        arguments: [
            #"{"items":[]}"#, #"{"items":[{"id":"77","name":"y"}]}"#, "[]",
            #"{"items":[{"id":"77","name":"x"},{"id":"78","name":"x"}]}"#,
        ])
    func notFound(answer: String) throws {
        let bench = try DeliveryBench(.create, dialect: Self.finding())
        let connection = try bench.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        connection.answer(200, body: answer)
        #expect(bench.problem?.code == .vendorUnreachable)
        #expect(bench.problem?.outcome == .unknown)
        #expect(bench.problem?.isRetryable == false)
        #expect(connection.requests.count == 2)

        let lost = try DeliveryBench(.create, dialect: Self.finding())
        let other = try lost.accept()
        other.end(.endedWithoutAnswer(reason: "closed"))
        other.answer(429, body: answer, retryAfter: "0")
        #expect(lost.problem?.code == .vendorUnreachable)
        #expect(other.requests.count == 2, "a lookup is not repeated")
    }

    @Test("a create that was refused is not looked up")
    func notLookedUp() throws {
        let bench = try DeliveryBench(.create, dialect: Self.finding())
        let connection = try bench.accept()
        connection.answer(400, body: "{}")
        #expect(bench.problem?.outcome == .rejected)
        #expect(connection.requests.count == 1)
    }

    @Test("a caller's If-Match is held against the version that was read, before anything is written")
    func condition() throws {
        let met = try DeliveryBench(replaces: true, ifMatch: { $0 == "\"1\"" })
        let connection = try met.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.answer(200, body: DeliveryBench.product, etag: "\"2\"")
        #expect(met.isProduct)
        #expect(met.delivery.entityTag == "\"2\"")

        let changed = try DeliveryBench(replaces: true, ifMatch: { $0 == "\"1\"" })
        try changed.accept().answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"2\"")
        #expect(changed.problem?.code == .preconditionFailed)
        #expect(changed.problem?.outcome == .notSent)
        #expect(changed.delivery.attemptsMade == 1)

        // One that could never be met is not one that somebody else has changed.
        for etag in [nil, "W/\"1\"", "1"] {
            let versionless = try DeliveryBench(replaces: true, ifMatch: { $0 == "\"1\"" })
            try versionless.accept().answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: etag)
            #expect(versionless.problem?.code == .unsupportedHeader)
        }
    }
}
