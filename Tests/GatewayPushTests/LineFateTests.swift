import GatewayJSON
import Testing

@testable import GatewayPush

@Suite("What becomes of a line")
struct LineFateTests {
    private static func fate(
        _ outcome: PushResult.Outcome, _ status: Int, _ code: String? = nil, retryable: Bool = false,
        dryRun: Bool = false
    ) -> LineFate {
        LineFate(outcome, status: status, code: code, isRetryable: retryable, isDryRun: dryRun)
    }

    @Test("a line that is at fault itself is refused")
    func refused() {
        #expect(Self.fate(.notSent, 422, "validation_failed") == .refused)
        #expect(Self.fate(.rejected, 409, "duplicate_product") == .refused)
        #expect(Self.fate(.notSent, 403, "forbidden") == .refused)
    }

    @Test("a line that can be pushed again as it is was not processed, whatever its status")
    func unprocessed() {
        #expect(Self.fate(.notSent, 424, "predecessor_failed") == .unprocessed)
        #expect(Self.fate(.notSent, 503, "overloaded", retryable: true) == .unprocessed)
        #expect(Self.fate(.rejected, 409, "conflict", retryable: true) == .unprocessed)
        #expect(Self.fate(.rejected, 502, "vendor_credentials_rejected") == .unprocessed)
        #expect(Self.fate(.notSent, 502, "vendor_unreachable", retryable: true) == .unprocessed)
        #expect(Self.fate(.rejected, 429, "rate_limited", retryable: true) == .unprocessed)
    }

    @Test("lines behind the end of a token were not processed: another token sends them")
    func token() {
        #expect(Self.fate(.notSent, 401, "unauthenticated") == .unprocessed)
    }

    @Test("what may have been done is unknown, and what a dry run does not send is done")
    func others() {
        #expect(Self.fate(.unknown, 504, "vendor_timeout", retryable: true) == .unknown)
        #expect(Self.fate(.notSent, 200, dryRun: true) == .done)
        #expect(Self.fate(.done, 200) == .done)
    }

    @Test("a result says whether its line may be sent again as it is")
    func retryable() {
        let text = #"{"line":3,"target":"cor","outcome":"rejected","status":409,"code":"conflict","retryable":true}"#
        let result = Array(text.utf8).withUnsafeBufferPointer { PushResult($0, tape: JSONTape()) }
        #expect(
            result
                == .line(
                    number: 3, target: "cor", outcome: .rejected, status: 409, code: "conflict", isRetryable: true,
                    isDryRun: false))
    }
}
