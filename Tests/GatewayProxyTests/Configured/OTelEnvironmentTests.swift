import GatewayConfiguration
import Testing

@testable import GatewayProxy

@Suite("What OpenTelemetry's variables say")
struct OTelEnvironmentTests {
    private static func environment(_ variables: [String: String]) -> OTelEnvironment {
        OTelEnvironment { variables[$0] }
    }

    @Test(
        "the endpoint of all signals gets the path of traces, their own is taken as it is",
        arguments: [
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"], "http://c:4318/v1/traces"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/otlp/"], "http://c:4318/otlp/v1/traces"),
            (
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://c/x", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://d"],
                "https://c/x"
            ),
            (
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://d"],
                "http://d/v1/traces"
            ),
        ])
    func endpoint(variables: [String: String], url: String) throws {
        #expect(try Self.environment(variables).endpoint?.get().description == url)
    }

    @Test("nothing is nothing, and nonsense is a mistake")
    func none() {
        #expect(Self.environment([:]).endpoint == nil)
        let wrong = Self.environment(["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317"]).endpoint
        #expect(throws: OTelEnvironment.Mistake.self) { try wrong?.get() }
    }

    @Test("header fields are decoded, and what would break a header is left out")
    func headers() {
        let headers = Self.environment([
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b, X-Team = t ,bad name=x,broken,evil=a%0D%0Ab"
        ]).headers
        #expect(headers.map(\.name) == ["api-key", "x-team"])
        let values: [String] = headers.map { String(decoding: $0.value, as: UTF8.self) }
        #expect(values == ["a b", "t"])
    }

    @Test("the resource has the service's name in any case")
    func resource() {
        #expect(
            Self.environment([:]).resource(service: "s", version: "1").map { "\($0.name)=\($0.value)" }
                == ["service.name=s", "service.version=1"])
        let named = Self.environment([
            "OTEL_RESOURCE_ATTRIBUTES": "service.name=a,deployment.environment.name=test", "OTEL_SERVICE_NAME": "b",
        ])
        #expect(
            named.resource(service: "s", version: "1").map { "\($0.name)=\($0.value)" }
                == ["service.name=b", "deployment.environment.name=test", "service.version=1"])
    }

    @Test("it can be switched off")
    func off() {
        #expect(Self.environment(["OTEL_SDK_DISABLED": "true"]).isDisabled)
        #expect(Self.environment(["OTEL_TRACES_EXPORTER": "none"]).isDisabled)
        #expect(!Self.environment(["OTEL_SDK_DISABLED": "false"]).isDisabled)
    }
}
