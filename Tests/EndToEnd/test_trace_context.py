"""W3C Trace Context: the caller's trace is continued or one begins here, and a vendor is told of it where it may be."""

import json
import re

import pytest

from harness.http2_client import Answer
from harness.vendor import Close, Reply
from harness.waiting import until
from test_metrics import ask

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})

TRACE = "12345678901234567890123456789012"
CALLER = "1234567890123456"
PARENT = f"00-{TRACE}-{CALLER}-01"


def update(connection, *fields):
    """An update with fields that may repeat."""
    stream = connection.h2.get_next_available_stream_id()
    connection.answers[stream] = Answer()
    connection.h2.send_headers(stream, connection.fields("PATCH", UPDATE, body=b"{}") + list(fields))
    connection.send_body(stream, b'{"name":"x"}')
    return connection.answer(stream)


def trace_of(request):
    found = re.fullmatch(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})", request.headers["traceparent"])
    assert found, request.headers["traceparent"]
    assert int(found[1], 16) and int(found[2], 16)
    return found.groups()


@pytest.fixture
def telling(vendor_gateway):
    """A vendor that may be told of traces, and its gateway."""
    def start(**target):
        return vendor_gateway(GOOD, target={"sendTraceContext": True, **target})
    return start


def test_a_trace_is_continued_with_an_id_of_the_attempts_own(telling):
    vendor, gateway = telling()
    with gateway.connect() as connection:
        for flags in ("00", "01", "03"):
            answer = update(connection, ("traceparent", f"00-{TRACE}-{CALLER}-{flags}"))
            assert answer.status == 200
            trace, parent, sent_flags = trace_of(vendor.requests[-1])
            assert (trace, sent_flags) == (TRACE, flags)
            assert parent != CALLER
            line = gateway.exchange_line(answer.json["requestId"])
            assert (line["traceId"], line["parentId"]) == (TRACE, CALLER)
    assert len({trace_of(request)[1] for request in vendor.requests}) == 3


def test_each_attempt_has_an_id_of_its_own(telling):
    vendor, gateway = telling(retries={"attempts": 3, "backoff": "1ms"})
    vendor.script = [Close(), Close(), GOOD]
    with gateway.connect() as connection:
        assert update(connection, ("traceparent", PARENT)).status == 200
    traces = [trace_of(request) for request in vendor.requests]
    assert len(traces) == 3
    assert {trace for trace, _, _ in traces} == {TRACE}
    assert len({parent for _, parent, _ in traces}) == 3


@pytest.mark.parametrize("fields", [
    [],
    [("traceparent", PARENT), ("traceparent", PARENT)],
    [("trace-parent", PARENT)],
    [("traceparent", "")],
    [("traceparent", f"ff-{TRACE}-{CALLER}-01")],
    [("traceparent", f"00-{TRACE}-{CALLER}-01-what-the-future-will-be-like")],
    [("traceparent", f"00-{TRACE}-0000000000000000-01")],
    [("traceparent", f"00-{'0' * 32}-{CALLER}-01")],
    [("traceparent", f"00-{TRACE}-{CALLER}")],
])
def test_a_trace_begins_here_where_the_caller_has_none_that_can_be_continued(telling, fields):
    vendor, gateway = telling()
    with gateway.connect() as connection:
        answers = [update(connection, *fields, ("tracestate", "foo=1")) for _ in range(2)]
    traces = [trace_of(request) for request in vendor.requests]
    # Sampling is for those who record; the id is random, and says so.
    assert [flags for _, _, flags in traces] == ["02", "02"]
    assert len({trace for trace, _, _ in traces} - {TRACE}) == 2
    for request, answer in zip(vendor.requests, answers):
        assert "tracestate" not in request.headers
        line = gateway.exchange_line(answer.json["requestId"])
        assert line["traceId"] == trace_of(request)[0]
        assert "parentId" not in line


@pytest.mark.parametrize("fields, expected", [
    ([("tracestate", "foo=1,bar=2")], "foo=1,bar=2"),
    ([("tracestate", "foo=1,bar=2"), ("tracestate", "rojo=1,congo=2"), ("tracestate", "baz=3")],
     "foo=1,bar=2,rojo=1,congo=2,baz=3"),
    ([("tracestate", "foo=1"), ("tracestate", "")], "foo=1"),
    ([("tracestate", "foo=1 \t , \t bar=2, \t baz=3")], "foo=1,bar=2,baz=3"),
    ([("tracestate", ",".join(f"bar{number}={number}" for number in range(33)))], None),
    ([("tracestate", "foo=1"), ("tracestate", "foo=2")], None),
    ([("tracestate", "foo=bar=baz")], None),
    ([("tracestate", "")], None),
    ([("tracestate",
       "first=1,long=" + "v" * 200 + ",middle=" + "v" * 120 + ",more=" + "v" * 120 + ",last=" + "v" * 120)],
     "first=1,middle=" + "v" * 120 + ",more=" + "v" * 120 + ",last=" + "v" * 120),
])
def test_the_state_of_others_is_passed_on_in_its_order(telling, fields, expected):
    vendor, gateway = telling()
    with gateway.connect() as connection:
        # The state first: fields come in any order.
        assert update(connection, *fields, ("traceparent", PARENT)).status == 200
    [request] = vendor.requests
    assert trace_of(request)[0] == TRACE
    assert request.headers.get("tracestate") == expected


def test_a_vendor_is_not_told_unless_the_configuration_says_so(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    with gateway.connect() as connection:
        answer = update(connection, ("traceparent", PARENT), ("tracestate", "foo=1"))
    assert answer.status == 200
    assert not {"traceparent", "tracestate"} & set(vendor.requests[0].headers)
    # The log still tells whose request it was.
    assert gateway.exchange_line(answer.json["requestId"])["traceId"] == TRACE


def test_each_target_is_told_as_its_own_configuration_says(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    target = {"dialect": "elastic-path", "baseURL": vendor.url}
    gateway = start_gateway({"open": {**target, "sendTraceContext": True}, "closed": target})
    with gateway.connect() as connection:
        assert connection.request(
            "PATCH", f"{UPDATE}?target=open,closed", {"name": "x"}, {"traceparent": PARENT}).status == 207
    until(lambda: len(vendor.requests) == 2, "both are asked")
    assert [trace_of(request)[0] for request in vendor.requests if "traceparent" in request.headers] == [TRACE]


def test_a_failure_can_be_found_by_its_trace(telling):
    vendor, gateway = telling()
    vendor.script = [Reply(500, {"errors": [{"title": "down", "status": "500"}]})]
    with gateway.connect() as connection:
        assert update(connection, ("traceparent", PARENT)).status == 502
    [failure] = until(
        lambda: json.loads(ask(gateway, "/status")[2])["recentFailures"], "the failure is remembered")
    assert failure["traceId"] == TRACE
