import GatewayTranslation

@testable import GatewayProxy

/// Keeps what came of an attempt.
final class ToldAttempt: AttemptDelegate {
    private(set) var results: [Result<VendorAnswer, AttemptFailure>] = []

    func attempt(_: Attempt, finished result: Result<VendorAnswer, AttemptFailure>) {
        self.results.append(result)
    }

    var answer: VendorAnswer? { try? self.results.first?.get() }
    var failure: AttemptFailure? {
        if case .failure(let failure)? = self.results.first { failure } else { nil }
    }

    /// An attempt with an hour's time, and whoever is told of it.
    static func make(
        on worker: Worker, _ method: String = "PUT", path: String = "/p/1", body: [UInt8] = [1, 2, 3],
        fields: [(name: String, value: String)] = [("accept", "application/json")]
    ) -> (told: ToldAttempt, attempt: Attempt) {
        let told = ToldAttempt()
        let attempt = Attempt(
            request: UpstreamRequest(
                content: VendorRequest(method: method, path: Array(path.utf8), headers: fields, body: body),
                authorization: Array("Bearer t".utf8), requestID: RequestID(from: &worker.upstream.random)),
            environment: worker.upstream, delegate: told)
        worker.deadlines.schedule(attempt, in: 3_600 * WorkerFixture.second)
        return (told, attempt)
    }
}
