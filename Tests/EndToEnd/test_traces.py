"""Spans of requests, as collectors of OpenTelemetry take them: what is in them, which are kept, and that nobody waits
for a collector."""

import json
import re
import subprocess
import time

import h2.errors
import pytest

from harness.collector import Collector, Span
from harness.configuration import SECRETS
from harness.packages import FOLDER, PROGRAMS
from harness.processes import environment
from harness.servers import free_port, takes_connections
from harness.vendor import Reply, Reset
from harness.waiting import until
from test_metrics import ask, total
from test_prometheus import Prometheus

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
DOWN = Reply(500, {"errors": [{"title": "down", "status": "500"}]})
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Slow:
    """A vendor that takes its time."""

    def perform(self, peer, request):
        time.sleep(0.4)
        GOOD.perform(peer, request)


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.stop()


@pytest.fixture
def traced(collector, vendor_gateway):
    """A vendor, and a gateway that sends its spans to the collector, in JSON."""

    def start(target=None, **tracing):
        tracing = {"endpoint": collector.url, "protocol": "http/json", "compression": "none", "sample": 1, **tracing}
        return vendor_gateway(GOOD, target=target, tracing=tracing)

    return start


def spans(collector, count):
    until(lambda: len(collector.spans) >= count, f"{count} spans have come")
    found = collector.spans
    assert len(found) == count, found
    return found


def sent(gateway, outcome):
    return total(gateway, "product_gateway_trace_spans_total", outcome=outcome)


def test_an_exchange_has_a_span_of_each_kind_below_each_other(traced, collector):
    vendor, gateway = traced({"retries": {"attempts": 3, "backoff": "20ms"}})
    # The first is sent again at once, the second after a pause.
    vendor.script = [Reset(h2.errors.ErrorCodes.REFUSED_STREAM)] * 2
    before = time.time_ns()
    assert gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "traced"}).status == 200
    server, delivery, first, second, third = spans(collector, 5)
    assert [span.kind for span in collector.spans] == ["server", "internal", "client", "client", "client"]
    assert len({span.trace for span in collector.spans}) == 1 and server.parent is None
    assert delivery.parent == server.id and first.parent == second.parent == third.parent == delivery.id
    assert server.name == "PATCH /v1/products/{id}"
    assert server.attributes == {
        "http.request.method": "PATCH", "http.route": "/v1/products/{id}", "http.response.status_code": 200,
        "product_gateway.operation": "update", "product_gateway.code": "ok", "product_gateway.caller": "127.0.0.1",
        "product_gateway.request_id": "traced"}
    assert delivery.attributes == {
        "product_gateway.target": "acme", "product_gateway.code": "ok", "product_gateway.outcome": "done"}
    assert "paused before a retry" in delivery.events
    assert first.attributes["error.type"] == "refused" and first.is_error
    assert "http.request.resend_count" not in first.attributes
    assert second.attributes["http.request.resend_count"] == 1
    assert third.attributes == {
        "http.request.method": "PUT", "http.response.status_code": 200, "http.request.resend_count": 2,
        "server.address": "localhost", "server.port": vendor.port, "network.protocol.version": "2",
        "product_gateway.target": "acme"}
    assert not third.is_error and not server.is_error
    for outer, inner in ((server, delivery), (delivery, first), (delivery, second), (delivery, third)):
        assert before <= outer.start <= inner.start <= inner.end <= outer.end <= time.time_ns(), (outer, inner)
    # The log's line and the spans name one trace; ids of products are nobody's business.
    assert gateway.exchange_line("traced")["traceId"] == server.trace
    assert ID not in collector.requests[0].body.decode()
    assert collector.requests[0].path == "/v1/traces"
    assert collector.requests[0].resource["service.name"] == "product-gateway"


def test_protobuf_in_gzip_says_the_same(collector, vendor_gateway):
    _, gateway = vendor_gateway(GOOD, tracing={"endpoint": collector.url, "sample": 1})
    gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "ü".encode().hex()})
    until(lambda: collector.requests, "spans have come")
    request = collector.requests[0]
    assert request.headers["content-type"] == "application/x-protobuf"
    assert request.headers["content-encoding"] == "gzip" and request.raw[:2] == b"\x1f\x8b"
    if not (FOLDER / "opentelemetry").is_dir():
        pytest.skip("opentelemetry-proto is not installed; scripts/prerequisites test says why")
    done = subprocess.run(
        ["/usr/bin/python3", PROGRAMS / "spans.py"], input=request.body, capture_output=True, timeout=60,
        env=environment({"PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["resourceSpans"][0]
    kinds = [span["kind"] for span in found["scopeSpans"][0]["spans"]]
    assert kinds == ["SPAN_KIND_SERVER", "SPAN_KIND_INTERNAL", "SPAN_KIND_CLIENT"]
    server = found["scopeSpans"][0]["spans"][0]
    assert server["name"] == "PATCH /v1/products/{id}" and server["flags"] == 1
    assert {"key": "http.response.status_code", "value": {"intValue": "200"}} in server["attributes"]
    assert found["scopeSpans"][0]["scope"]["name"] == "product-gateway"


def test_the_callers_trace_goes_on_and_the_vendor_is_below_the_attempt(traced, collector):
    vendor, gateway = traced({"sendTraceContext": True}, sample=0)
    gateway.request("PATCH", UPDATE, {"name": "x"}, {"traceparent": f"00-{TRACE}-{PARENT}-01"})
    server, _, attempt = spans(collector, 3)
    assert server.trace == TRACE and server.parent == PARENT
    assert vendor.requests[-1].headers["traceparent"].split("-")[1:3] == [TRACE, attempt.id]


def test_what_is_kept_is_decided_at_the_end(traced, collector):
    vendor, gateway = traced(sample=0, slowerThan="300ms")
    with gateway.connect() as connection:
        for number in range(20):
            connection.request("PATCH", UPDATE, {"name": f"{number}"})
        connection.request("PATCH", UPDATE, {"nmae": "refused"})
        vendor.script = [DOWN]
        connection.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "failed"})
        vendor.script = [Slow()]
        connection.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "slow"})
    found = spans(collector, 6)
    assert [span.attributes["product_gateway.request_id"] for span in found if span.kind == "server"] == [
        "failed", "slow"]
    assert [span.is_error for span in found if span.kind == "server"] == [True, False]
    assert found[0].attributes["error.type"] == "vendor_error"


def test_lines_of_a_stream_are_kept_where_they_failed_below_the_streams_own_span(traced, collector):
    vendor, gateway = traced({"sendTraceContext": True, "retries": {"attempts": 1}}, sample=0)
    vendor.script = [GOOD, DOWN, GOOD]
    line = json.dumps({"id": ID, "product": {"name": "x"}}).encode() + b"\n"
    answer = gateway.request(
        "POST", "/v1/bulk?target=acme&onFailure=continue", line * 3,
        {"content-type": "application/jsonl", "traceparent": f"00-{TRACE}-{PARENT}-00", "x-request-id": "stream"})
    assert answer.status == 200, answer.text
    by_kind = {span.kind: span for span in spans(collector, 3)}
    server, delivery, attempt = by_kind["server"], by_kind["internal"], by_kind["client"]
    assert server.name == "POST /v1/bulk" and server.trace == TRACE and server.parent == PARENT
    assert server.attributes["http.route"] == "/v1/bulk" and server.attributes["product_gateway.operation"] == "bulk"
    assert delivery.parent == server.id and attempt.parent == delivery.id
    failed = next(line for line in map(json.loads, answer.text.splitlines()) if line.get("code") == "vendor_error")
    assert delivery.attributes["product_gateway.line"] == failed["line"]
    assert delivery.attributes["product_gateway.request_id"] == failed["requestId"]
    assert delivery.attributes["product_gateway.code"] == "vendor_error" and delivery.is_error
    told = [request.headers["traceparent"].split("-")[1:3] for request in vendor.requests]
    assert [TRACE, attempt.id] in told and {trace for trace, _ in told} == {TRACE}


def test_a_replayed_answer_is_told_as_one(traced, collector):
    _, gateway = traced(sample=1)
    key = {"idempotency-key": '"once"'}
    gateway.request("PATCH", UPDATE, {"name": "x"}, key)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}, key).headers["idempotent-replayed"] == "true"
    # Two connections may be two workers, and which of them hands over its spans first is not said.
    [replayed] = [span for span in spans(collector, 5) if "replayed the kept answer" in span.events]
    assert replayed.kind == "internal" and replayed.events == ["replayed the kept answer"]
    assert replayed.attributes["product_gateway.code"] == "ok"


def test_a_probe_of_a_target_that_was_left_alone_is_told_as_one(traced, collector):
    vendor, gateway = traced({"breaker": {"enabled": True}})
    vendor.script = [DOWN] * 10
    for _ in range(10):
        assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 502
    # For about a second nothing is sent; the first request after that asks whether the vendor is back.
    until(lambda: gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200, "the vendor is asked again")
    until(lambda: any("probed the target" in span.events for span in collector.spans), "the probe has come")
    probes = [span for span in collector.spans if "probed the target" in span.events]
    assert {span.kind for span in probes} == {"client"}


def test_a_request_is_repeated_only_where_the_protocol_allows_it(traced, collector):
    _, gateway = traced()
    collector.script = [(503, {"retry-after": "0"}, b""), 200]
    gateway.request("PATCH", UPDATE, {"name": "first"})
    until(lambda: sent(gateway, "sent") == 3, "sent at the second try")
    assert [len(request.spans) for request in collector.requests] == [3, 3]
    assert collector.requests[0].body == collector.requests[1].body
    collector.script = [400]
    gateway.request("PATCH", UPDATE, {"name": "second"})
    until(lambda: sent(gateway, "rejected") == 3, "refused for good")
    # partial_success: one span was rejected; it must not come again.
    collector.script = [(200, {}, bytes([0x0A, 0x02, 0x08, 0x01]))]
    gateway.request("PATCH", UPDATE, {"name": "third"})
    until(lambda: sent(gateway, "rejected") == 4, "one was rejected")
    assert sent(gateway, "sent") == 5 and len(collector.requests) == 4
    assert any(line["reason"].endswith("the collector answered 400") for line in gateway.lines("spans are lost"))


def test_nobody_waits_for_a_collector_that_is_not_there(vendor_gateway):
    _, gateway = vendor_gateway(
        GOOD, tracing={"endpoint": f"http://127.0.0.1:{free_port()}", "protocol": "http/json", "sample": 1})
    for number in range(5):
        assert gateway.request("PATCH", UPDATE, {"name": f"{number}"}).status == 200
    began = time.monotonic()
    assert gateway.stop() == 0
    assert time.monotonic() - began < 10


def test_the_last_spans_are_sent_at_the_stop(traced, collector):
    _, gateway = traced()
    gateway.request("PATCH", UPDATE, {"name": "x"})
    assert gateway.stop() == 0
    assert len(collector.spans) == 3


def test_over_tls_with_a_token(vendor_gateway, authority, certificate):
    collector = Collector(certificate)
    try:
        _, gateway = vendor_gateway(GOOD, env={**SECRETS, "COLLECTOR_KEY": "the-collectors-key"}, tracing={
            "endpoint": collector.url, "protocol": "http/json", "sample": 1, "caFile": str(authority.path),
            "headers": {"X-Team": {"env": "COLLECTOR_KEY"}}})
        gateway.request("PATCH", UPDATE, {"name": "x"})
        until(lambda: collector.requests, "spans have come")
        assert collector.requests[0].headers["x-team"] == "the-collectors-key"
        assert "the-collectors-key" not in gateway.text
    finally:
        collector.stop()


def test_a_collector_whose_certificate_is_not_trusted_gets_nothing(vendor_gateway, certificate):
    collector = Collector(certificate)
    try:
        _, gateway = vendor_gateway(
            GOOD, tracing={"endpoint": collector.url, "protocol": "http/json", "sample": 1})
        assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
        assert gateway.stop() == 0
        assert collector.requests == []
    finally:
        collector.stop()


def test_the_environment_says_what_the_configuration_does_not(vendor_gateway, collector):
    _, gateway = vendor_gateway(GOOD, tracing={"sample": 1}, env={
        **SECRETS, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        "OTEL_EXPORTER_OTLP_HEADERS": "x-team=a%20b", "OTEL_SERVICE_NAME": "shop-gateway",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"})
    gateway.request("PATCH", UPDATE, {"name": "x"})
    until(lambda: collector.requests, "spans have come")
    request = collector.requests[0]
    assert request.path == "/v1/traces" and request.headers["x-team"] == "a b"
    assert request.resource["service.name"] == "shop-gateway"
    assert request.resource["deployment.environment.name"] == "test"


def test_without_an_endpoint_nothing_is_sent_and_nothing_is_counted(vendor_gateway):
    _, gateway = vendor_gateway(GOOD)
    gateway.request("PATCH", UPDATE, {"name": "x"})
    assert "product_gateway_trace_spans_total{" not in ask(gateway, "/metrics")[2]


def test_a_real_collector_takes_them(vendor_gateway, tmp_path):
    agent = FOLDER / "rotel/rotel-agent"
    if not agent.is_file():
        pytest.skip("rotel is not installed; scripts/prerequisites test says why")
    for _ in range(5):
        port, grpc = free_port(), free_port()
        output = tmp_path / "rotel.log"
        with open(output, "wb") as log:
            process = subprocess.Popen(
                [agent, "start", "--otlp-http-endpoint", f"127.0.0.1:{port}", "--otlp-grpc-endpoint",
                 f"127.0.0.1:{grpc}", "--exporter", "blackhole", "--debug-log", "traces", "--debug-log-verbosity",
                 "detailed", "--pid-file", tmp_path / "rotel.pid"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment())
        until(lambda: process.poll() is not None or takes_connections(port), "the collector listens")
        if process.poll() is None:
            break
    try:
        for encoding in ("http/protobuf", "http/json"):
            _, gateway = vendor_gateway(
                GOOD, tracing={"endpoint": f"http://127.0.0.1:{port}", "protocol": encoding, "sample": 1})
            gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": encoding.replace("/", "-")})
            until(lambda: sent(gateway, "sent") == 3, f"the collector has taken spans as {encoding}")
            until(lambda: encoding.replace("/", "-") in output.read_text(), f"it shows those of {encoding}")
        shown = output.read_text()
        assert "PATCH /v1/products/{id}" in shown and "http.route" in shown
    finally:
        process.terminate()
        process.wait(20)


def test_a_bucket_of_a_histogram_names_a_kept_trace(traced, collector):
    _, gateway = traced()
    gateway.request("PATCH", UPDATE, {"name": "x"})
    [server] = [span for span in spans(collector, 3) if span.kind == "server"]
    text = ask(gateway, "/metrics", "application/openmetrics-text; version=1.0.0")[2]
    lines = [line for line in text.splitlines() if f'# {{trace_id="{server.trace}"}}' in line]
    names = {line.split("{")[0] for line in lines}
    assert names == {
        "product_gateway_exchange_duration_seconds_bucket", "product_gateway_request_duration_seconds_bucket"}
    for line in lines:
        bound = re.search(r'le="([^"]+)"', line)[1]
        value, at = re.search(r"\} (\S+) (\S+)$", line).groups()
        assert float(value) <= float(bound) and abs(float(at) - time.time()) < 60
    assert "trace_id" not in ask(gateway, "/metrics")[2]


def test_a_real_prometheus_keeps_and_returns_an_exemplar(traced, collector, tmp_path):
    _, gateway = traced()
    gateway.request("PATCH", UPDATE, {"name": "x"})
    [server] = [span for span in spans(collector, 3) if span.kind == "server"]
    prometheus = Prometheus(tmp_path, gateway.admin_port, "--enable-feature=exemplar-storage")
    try:
        now = time.time()
        found = until(lambda: prometheus.ask(
            "query_exemplars", query="product_gateway_exchange_duration_seconds_bucket", start=now - 60, end=now + 60),
            "an exemplar is kept")
        assert {each["labels"]["trace_id"] for series in found for each in series["exemplars"]} == {server.trace}
    finally:
        prometheus.stop()


def test_spans_have_room_for_what_the_harness_reads():
    """The collector's own reading, so that a mistake there is not taken for one of the gateway's."""
    span = Span({"traceId": "1", "spanId": "2", "name": "n", "kind": 3, "startTimeUnixNano": "1",
                 "endTimeUnixNano": "2", "attributes": [{"key": "a", "value": {"intValue": "3"}}]})
    assert span.kind == "client" and span.attributes == {"a": 3} and not span.is_error
