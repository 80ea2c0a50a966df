"""A token endpoint that is ill is left alone, and those who need its token are told so at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.vendor import Close, Never, Reply, Reset, Vendor
from harness.waiting import until
from test_credentials import EP, GOOD, oauth, update

PATH = f"/v1/products/{EP}"
REFUSED = Reply(401, {"errors": [{"title": "Unauthorized", "status": "401"}]})

ILL = {
    "500": (lambda: Reply(500, b""), "vendor_error"),
    "503": (lambda: Reply(503, b""), "vendor_error"),
    "429": (lambda: Reply(429, b""), "rate_limited"),
    "401": (lambda: Reply(401, {"error": "invalid_client"}), "vendor_credentials_rejected"),
    "404": (lambda: Reply(404, b""), "vendor_error"),
    "HTML": (lambda: Reply(200, b"<html>"), "vendor_unintelligible"),
    "a token that is far too long": (lambda: Reply(200, {"access_token": "t" * 20_000}), "vendor_unintelligible"),
    "reset": (lambda: Reset(), "vendor_unreachable"),
    "closed": (lambda: Close(), "vendor_unreachable"),
}


class IllEndpoint(Vendor):
    """A vendor whose token endpoint always does the same."""

    def __init__(self, action, usually=GOOD):
        self.token_action = action
        super().__init__(usually)

    def next_action(self, request):
        if "oauth" in request.path and self.token_action:
            with self.lock:
                self.token_requests.append(request)
            return self.token_action()
        return super().next_action(request)


@pytest.fixture
def ill(vendor_gateway):
    vendors = []

    def start(action, usually=GOOD, target=None, **members):
        vendor = IllEndpoint(action, usually)
        vendors.append(vendor)
        return vendor_gateway(vendor=vendor, target={"credentials": oauth(), **(target or {})}, **members)

    yield start
    for vendor in vendors:
        vendor.stop()


@pytest.mark.parametrize("case", ILL)
def test_two_hundred_updates_make_a_handful_of_fetches(ill, case):
    action, code = ILL[case]
    vendor, gateway = ill(action, workers=2)
    begun = time.monotonic()
    with gateway.connect() as connection:
        for number in range(200):
            answer = connection.request("PATCH", PATH, {"name": f"x{number}"})
            assert answer.json["code"] == code, answer
            assert answer.json["outcome"] == "not_sent"
    # A pause of a second, one of two and so on, after two or three at once; on a slow machine there is time for more.
    elapsed = time.monotonic() - begun
    assert len(vendor.token_requests) <= 5 + elapsed / 2
    assert vendor.requests == []


def test_whoever_is_told_at_once_is_told_when_to_come_back(ill):
    vendor, gateway = ill(lambda: Reply(429, b"", headers={"retry-after": "7"}))
    first = update(gateway)
    assert (first.status, first.json["code"]) == (429, "rate_limited"), first
    for _ in range(5):
        answer = update(gateway)
        assert (answer.status, answer.json["code"], answer.json["retryable"]) == (429, "rate_limited", True), answer
        assert 5 <= int(answer.headers["retry-after"]) <= 8, answer.headers
    assert len(vendor.token_requests) == 1


def test_an_endpoint_that_recovers_is_asked_again_when_its_pause_is_over(ill):
    vendor, gateway = ill(lambda: Reply(503, b"", headers={"retry-after": "1"}))
    assert update(gateway).status == 502
    vendor.token_action = None
    begun = time.monotonic()
    until(lambda: update(gateway).status == 200, "the endpoint is asked again", pause=0.1)
    assert time.monotonic() - begun > 0.5
    assert len(vendor.token_requests) == 2


def test_an_endpoint_that_cannot_be_reached_is_not_dialled_for_each_update(start_gateway, start_vendor):
    vendor = start_vendor(GOOD)
    nobody = start_vendor(accepts=False)
    nobody.stop()
    gateway = start_gateway(
        {"acme": {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1},
                  "credentials": oauth(tokenURL=f"{nobody.url}/token")}}, defaultTarget="acme", workers=1)
    with gateway.connect() as connection:
        for _ in range(100):
            answer = connection.request("PATCH", PATH, {"name": "x"})
            assert (answer.json["code"], answer.json["outcome"]) == ("vendor_unreachable", "not_sent"), answer
    assert gateway.metric("product_gateway_upstream_connects_total") <= 5
    lines = gateway.lines("no access token")
    assert 1 <= len(lines) <= 5
    assert {line["target"] for line in lines} == {"acme"}
    assert all(line["host"] == "localhost" and "refused" in line["reason"] for line in lines), lines


@pytest.mark.parametrize("style", ["at once", "one after the other"])
def test_a_vendor_that_refuses_every_token_makes_a_handful_of_fetches(ill, style):
    vendor, gateway = ill(None, usually=REFUSED)
    begun = time.monotonic()
    with gateway.connect() as connection:
        if style == "at once":
            streams = [connection.send("PATCH", PATH, {"name": "x"}) for _ in range(80)]
            answers = [connection.answer(stream) for stream in streams]
        else:
            answers = [connection.request("PATCH", PATH, {"name": "x"}) for _ in range(80)]
    assert {(each.json["code"], each.json["outcome"]) for each in answers} == {
        ("vendor_credentials_rejected", "rejected")}
    elapsed = time.monotonic() - begun
    assert 2 <= len(vendor.token_requests) <= 3 + elapsed
    assert len(vendor.requests) <= 160


def test_a_token_that_is_refused_at_once_is_replaced_when_it_is_a_second_old(ill):
    vendor, gateway = ill(None)
    vendor.script = [REFUSED]
    begun = time.monotonic()
    assert update(gateway).status == 200
    assert 0.9 < time.monotonic() - begun < 3
    assert len(vendor.token_requests) == 2


def test_a_vendor_that_refuses_one_product_to_every_token_answers_the_others(ill):
    """A 401 that is not about the token must not cost the other products theirs."""
    other = "aaaaaaaa-a191-455e-b771-c510c928a308"
    vendor, gateway = ill(None, usually=lambda request: REFUSED if other in request.path else GOOD)
    with gateway.connect() as connection:
        for _ in range(4):
            assert connection.request("PATCH", f"/v1/products/{other}", {"name": "x"}).status == 502
            assert connection.request("PATCH", PATH, {"name": "x"}).status == 200


def test_as_many_wait_for_a_token_as_the_queue_has_room_for(ill):
    released = threading.Event()

    def late():
        released.wait(20)
        return Reply(200, {"access_token": "late", "expires_in": 3600})

    vendor, gateway = ill(late, workers=1, target={
        "queue": {"max": 5}, "credentials": oauth(), "timeouts": {"connect": "1s", "attempt": "8s", "total": "9s"}})
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", PATH, {"name": "x"}) for _ in range(20)]
        until(lambda: vendor.token_requests, "the token is being fetched")
        refused = [connection.answer(stream) for stream in streams[5:]]
        assert {(each.status, each.json["code"], each.json["outcome"], each.json["origin"]) for each in refused} == {
            (503, "overloaded", "not_sent", "gateway")}
        released.set()
        assert {connection.answer(stream).status for stream in streams[:5]} == {200}
    assert len(vendor.token_requests) == 1


@pytest.mark.parametrize("expires_in", ["3600", 3599.5, "3599.5"], ids=str)
def test_a_lifetime_in_any_spelling_is_understood(vendor_gateway, expires_in):
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth()})
    vendor.token = {"access_token": "t", "expires_in": expires_in}
    assert update(gateway).status == 200
    # One of "2" is renewed when nine tenths of it are over, and not after an hour.
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth()})
    vendor.token = {"access_token": "t", "expires_in": "2" if isinstance(expires_in, str) else 2.9}
    assert update(gateway).status == 200
    until(lambda: update(gateway).status == 200 and len(vendor.token_requests) > 1, "the token is renewed", pause=0.1)


def test_a_hanging_endpoint_holds_nobody_longer_than_their_time(ill):
    vendor, gateway = ill(lambda: Never(), target={
        "credentials": oauth(), "timeouts": {"connect": "500ms", "attempt": "1s", "total": "1s"}})
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: update(gateway), range(8)))
    assert {(each.status, each.json["outcome"]) for each in answers} == {(504, "not_sent")}
    assert len(vendor.token_requests) == 1
