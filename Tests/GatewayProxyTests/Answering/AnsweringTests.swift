import Testing

@testable import GatewayProxy

@Suite("The status of several results")
struct AnsweringTests {
    @Test(
        "all failing is no success in disguise",
        arguments: [
            ([200, 200], 207), ([200, 404], 207), ([201, 502], 207), ([404, 404], 404), ([422, 422], 422),
            ([404, 422], 400), ([404, 503], 502), ([502, 504], 502), ([503, 503], 503),
        ])
    func severalStatuses(statuses: [Int], status: Int) {
        #expect(Answering.status(ofSeveral: statuses) == status)
    }
}
