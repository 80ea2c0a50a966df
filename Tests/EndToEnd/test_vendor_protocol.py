"""What a vendor's HTTP/2 may do and rarely does: small windows, interim and early answers, trailers, large fields."""

import json

import pytest

from harness.vendor import Early, Raw, Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
BODY = {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}}
# Megabytes through a vendor written in Python and a gateway built for debugging: how long that takes is not the
# question.
PATIENT = {"timeouts": {"connect": "5s", "attempt": "30s", "total": "60s"}}


def test_interim_answers_are_passed_over(vendor_gateway):
    _, gateway = vendor_gateway(Reply(200, BODY, interim=(100, 103, 103)))
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200


def test_trailers_of_an_answer_are_dropped(vendor_gateway):
    _, gateway = vendor_gateway(Reply(200, BODY, trailers=[("x-checksum", "1"), ("x-secret", "internal")]))
    answer = gateway.request("PATCH", UPDATE, {"name": "x"})
    assert answer.status == 200
    assert "internal" not in repr(answer)


def test_no_field_of_the_vendor_reaches_the_caller(vendor_gateway):
    _, gateway = vendor_gateway(Reply(200, BODY, headers={
        "set-cookie": "session=1", "server": "vendor/1", "x-powered-by": "vendor", "x-request-id": "vendors-own"}))
    answer = gateway.request("PATCH", UPDATE, {"name": "x"})
    assert answer.status == 200
    assert not {"set-cookie", "server", "x-powered-by"} & set(answer.headers), answer.headers
    assert answer.headers["x-request-id"] != "vendors-own"
    assert answer.json["vendor"]["requestId"] == "vendors-own"


@pytest.mark.parametrize("window", [1, 1000])
def test_a_large_update_gets_through_a_small_window(vendor_gateway, start_vendor, window):
    vendor = start_vendor(Reply(200, BODY), window=window)
    _, gateway = vendor_gateway(vendor=vendor, target=PATIENT)
    product = {"name": "x", "description": "y" * (2000 if window < 1000 else 500_000)}
    answer = gateway.request("PATCH", UPDATE, product)
    assert answer.status == 200, answer
    assert json.loads(vendor.requests[0].body)["data"]["attributes"] == product


@pytest.mark.parametrize("status, code", [(200, None), (413, None), (503, "vendor_unavailable")])
def test_an_answer_that_comes_before_the_body_was_read_counts(vendor_gateway, start_vendor, status, code):
    vendor = start_vendor(Early(Reply(status, BODY if status == 200 else b"")), window=1000)
    _, gateway = vendor_gateway(vendor=vendor)
    answer = gateway.request("PATCH", UPDATE, {"name": "x", "description": "y" * 100_000})
    if status == 200:
        assert answer.status == 200, answer
    else:
        assert answer.status >= 400 and answer.json["vendor"]["status"] == status, answer
    if code:
        assert answer.json["code"] == code


def test_an_answer_with_very_many_or_very_large_fields_is_survived(vendor_gateway):
    # The vendor of these tests takes its time to write thousands of fields.
    vendor, gateway = vendor_gateway(
        Reply(200, BODY, headers={f"x-{n}": "y" * 200 for n in range(60)}),
        target=PATIENT)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    for headers in ({f"x-{n}": "y" for n in range(3000)}, {"x": "y" * 70_000}):
        vendor.script = [Reply(200, BODY, headers=headers)]
        answer = gateway.request("PATCH", UPDATE, {"name": "x"})
        assert answer.status == 502, answer
        assert answer.json["outcome"] == "unknown"
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200


def test_a_connection_that_the_vendor_closes_while_idle_costs_nobody_an_error(vendor_gateway):
    vendor, gateway = vendor_gateway(
        Reply(200, BODY), target={"retries": {"attempts": 3, "backoff": "10ms"}}, workers=1)
    for _ in range(5):
        assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
        for peer in list(vendor._peers):
            peer.close()
        until(lambda: vendor.open == 0, "the vendor has closed its connections")
    assert len(vendor.requests) == 5


def test_a_connection_on_which_the_vendor_has_fallen_silent_is_given_up(vendor_gateway):
    """The vendor's host has vanished: no answer, no close. New requests must not follow the old ones for ever."""
    vendor, gateway = vendor_gateway(Reply(200, BODY), workers=1, target={
        "connections": {"pingInterval": "1s"}, "timeouts": {"connect": "200ms", "attempt": "300ms", "total": "1s"}})
    vendor.script = [Raw(seconds=30)]
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 504
    until(
        lambda: gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200,
        "a request goes over a new connection", seconds=6)


def test_an_idle_connection_is_closed_in_time(vendor_gateway):
    vendor, gateway = vendor_gateway(Reply(200, BODY), target={"connections": {"idleTimeout": "1s"}}, workers=1)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    assert vendor.open == 1
    until(lambda: vendor.open == 0, "the idle connection is closed", seconds=5)


def test_callers_that_do_not_read_do_not_stop_their_neighbours(vendor_gateway):
    """Twenty answers that nobody reads, more bytes than any window, beside a caller who reads."""
    large = {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * 2_000_000}}}
    vendor, gateway = vendor_gateway(
        lambda request: Reply(200, large if b"large" in request.body else BODY), workers=1,
        target=PATIENT, limits={"answerTimeout": "1s"})
    with gateway.connect(window=0) as stalled:
        streams = [stalled.send("PATCH", UPDATE, {"name": "large"}) for _ in range(20)]
        until(lambda: len(vendor.requests) == 20, "all of them are with the vendor")
        for _ in range(30):
            assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
        # In the end the gateway does not wait any longer.
        stalled.read_until(
            lambda: stalled.is_closed or all(stalled.answers[stream].reset is not None for stream in streams), 15)


@pytest.mark.alone
def test_memory_stays_bounded_when_nobody_reads(vendor_gateway):
    large = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * 1_000_000}}})
    _, gateway = vendor_gateway(large, workers=1, limits={"answerTimeout": "2s", "connectionBuffer": "8MiB"})
    before = gateway.memory_bytes()
    with gateway.connect(window=0) as stalled:
        for _ in range(100):
            stalled.send("PATCH", UPDATE, {"name": "x"})
        peak = 0
        for _ in range(20):
            assert gateway.request("GET", "/v1/targets").status == 200
            peak = max(peak, gateway.memory_bytes())
    assert peak - before < 300_000_000, f"{(peak - before) // 1_000_000} MB for one caller that does not read"
