"""A vendor that is ill: what the gateway repeats and what it leaves be, and that nobody else notices."""

import json
import socket
import statistics
import threading
import time

import pytest

from harness.http1_vendor import HTTP1Vendor, answer
from harness.vendor import Close, Never, Reply, Reset
from harness.waiting import until
from test_metrics import ask, total

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
CREATED = Reply(201, {"data": {"id": "new", "type": "product", "attributes": {"name": "x"}}})
THROTTLED = Reply(429, {"errors": []}, headers={"retry-after": "1"})
LEFT_ALONE = {"enabled": True, "failures": 10, "pause": "300ms", "pauseMax": "300ms"}


def update(connection, headers=None):
    return connection.request("PATCH", UPDATE, {"name": "x"}, headers)


def target(gateway, name="acme"):
    targets = json.loads(ask(gateway, "/status")[2])["targets"]
    return next(each for each in targets if each["name"] == name)


def changes(vendor):
    return [request for request in vendor.requests if request.method in ("PUT", "POST")]


def together(count, call):
    """Calls it `count` times at once; the results."""
    results = []
    threads = [threading.Thread(target=lambda: results.append(call())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count
    return results


def test_429_is_repeated_when_the_vendor_says_and_then_succeeds(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"retries": {"attempts": 3}})
    vendor.script = [THROTTLED]
    with gateway.connect() as connection:
        started = time.monotonic()
        assert update(connection).status == 200
        assert 1 <= time.monotonic() - started < 2
    assert total(gateway, "product_gateway_retries_total", reason="throttled") == 1


def test_a_create_that_was_throttled_is_repeated_too(vendor_gateway):
    vendor, gateway = vendor_gateway(CREATED, target={"retries": {"attempts": 3}})
    vendor.script = [THROTTLED]
    answer = gateway.request("POST", "/v1/products", {"name": "x", "kind": "digital"})
    assert answer.status == 201, answer
    assert len(changes(vendor)) == 2


def test_whoever_cannot_wait_for_a_throttled_vendor_is_told_how_long_it_takes(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    vendor.script = [Reply(429, {"errors": []}, headers={"retry-after": "60"})]
    with gateway.connect() as connection:
        first = update(connection)
        assert (first.status, first.json["outcome"], first.headers["retry-after"]) == (429, "rejected", "60"), first
        second = update(connection)
        assert (second.status, second.json["code"], second.json["outcome"]) == (429, "rate_limited", "not_sent")
        assert second.json["retryable"] is True
        assert 55 <= int(second.headers["retry-after"]) <= 60
    assert len(changes(vendor)) == 1
    assert target(gateway)["pause"]["reason"] == "rate"
    assert total(gateway, "product_gateway_target_pause_seconds") > 50
    assert total(gateway, "product_gateway_attempts_held_back_total", reason="rate") == 1
    assert total(gateway, "product_gateway_target_left_alone") == 0


def test_others_wait_for_a_throttled_vendor_within_their_time(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    vendor.script = [THROTTLED]
    with gateway.connect() as connection:
        assert update(connection).status == 429
    answers = together(5, lambda: gateway.request("PATCH", UPDATE, {"name": "x"}))
    assert [answer.status for answer in answers] == [200] * 5


def test_a_callers_own_time_holds(vendor_gateway):
    vendor, gateway = vendor_gateway(Never())
    with gateway.connect() as connection:
        started = time.monotonic()
        answer = update(connection, {"prefer": "wait=1"})
        assert 1 <= time.monotonic() - started < 1.8
        assert (answer.status, answer.json["outcome"]) == (504, "unknown"), answer
        vendor.usually = GOOD
        answer = update(connection, {"prefer": "wait=5"})
        assert answer.status == 200
        assert answer.headers["preference-applied"] == "wait=5"


def test_a_vendor_that_fails_again_and_again_is_left_alone_until_a_probe_finds_it_well(vendor_gateway):
    vendor, gateway = vendor_gateway(Reply(500, b"{}"), target={"breaker": LEFT_ALONE})
    with gateway.connect() as connection:
        for _ in range(10):
            assert update(connection).json["code"] == "vendor_error"
        sent = len(vendor.requests)
        times = []
        for _ in range(20):
            started = time.monotonic()
            answer = update(connection)
            times.append(time.monotonic() - started)
            assert (answer.status, answer.json["code"]) == (503, "vendor_unavailable"), answer
            assert (answer.json["outcome"], answer.json["retryable"]) == ("not_sent", True)
            assert int(answer.headers["retry-after"]) >= 1
        assert len(vendor.requests) == sent, "nothing is sent meanwhile"
        # The round trip of the test's own client included.
        assert statistics.median(times) < 0.005, times
        state = target(gateway)
        assert state["leftAlone"]["reason"] == "failures_in_a_row"
        assert total(gateway, "product_gateway_target_left_alone") == 1
        assert total(gateway, "product_gateway_breaker_openings_total", reason="in_a_row") == 1

        # A create never shows whether it is back: a read does, before it.
        until(lambda: target(gateway)["leftAlone"]["nextProbeMilliseconds"] == 0, "the next probe is due")
        answer = connection.request("POST", "/v1/products", {"name": "x", "kind": "digital"})
        assert (answer.status, answer.json["outcome"]) == (503, "not_sent"), answer
        assert [request.method for request in vendor.requests[sent:]] == ["GET"]

        vendor.usually = GOOD
        until(lambda: update(connection).status == 200, "it is asked as ever again")
    assert "leftAlone" not in target(gateway)
    assert [line["message"] for line in gateway.lines() if line["message"].startswith("vendor ")] == [
        "vendor left alone", "vendor asked again"]


def test_refused_credentials_and_callers_mistakes_are_no_failures(vendor_gateway):
    vendor, gateway = vendor_gateway(Reply(401, b"{}"), target={"breaker": LEFT_ALONE})
    with gateway.connect() as connection:
        for status in [401] * 15 + [403, 404, 422] * 5:
            vendor.usually = Reply(status, b"{}")
            assert update(connection).json["code"] != "vendor_unavailable"


@pytest.mark.parametrize("is_left_alone", [False, True], ids=["asked on", "left alone"])
def test_an_outage_is_not_made_worse_by_retries(vendor_gateway, is_left_alone):
    vendor, gateway = vendor_gateway(
        Close(), target={"retries": {"attempts": 3, "backoff": "1ms"}, "breaker": {"enabled": is_left_alone}})
    count = 400

    def calls():
        with gateway.connect() as connection:
            return [update(connection) for _ in range(count // 8)]

    answers = sum(together(8, calls), [])
    assert all(answer.json["retryable"] for answer in answers)
    asked = len(changes(vendor))
    # Ten in the reserve of ten seconds, at 2.8 each, and a second's more for each that passes.
    assert asked <= 1.2 * count + 10, asked
    if is_left_alone:
        assert asked < 0.3 * count
    else:
        assert asked >= 0.9 * count
        assert total(gateway, "product_gateway_retries_suppressed_total") > 0.8 * count


def test_a_known_pace_is_kept_by_all_workers_together(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"rate": {"requests": 20, "per": "1s", "burst": 2}}, workers=2)
    started = time.monotonic()
    answers = together(30, lambda: gateway.request("PATCH", UPDATE, {"name": "x"}))
    took = time.monotonic() - started
    assert [answer.status for answer in answers] == [200] * 30
    assert took >= (30 - 2) / 20 - 0.1, took


@pytest.mark.parametrize("version", ["h2", "http/1.1"])
def test_a_vendor_whose_limit_is_used_up_is_left_alone_before_it_has_to_say_so(
        start_vendor, start_gateway, version):
    fields, body = {"X-Left": "0", "X-Reset": "1000"}, {"id": "1", "name": "x"}
    if version == "h2":
        vendor = start_vendor(Reply(200, body, headers={name.lower(): value for name, value in fields.items()}))
    else:
        vendor = HTTP1Vendor(answer(200, body, headers=list(fields.items())))
    gateway = start_gateway({"acme": {
        "dialect": "limited", "baseURL": vendor.url, "connections": {"versions": [version]}}}, defaultTarget="acme",
        dialects={"limited": {
            "format": 1, "name": "limited", "title": "Limited",
            "limits": {"remaining": "X-Left", "reset": "X-Reset", "unit": "milliseconds"},
            "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
            "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}}}})
    with gateway.connect() as connection:
        started = time.monotonic()
        for _ in range(3):
            assert connection.request("PATCH", "/v1/products/1", {"name": "x"}).status == 200
        assert 2 <= time.monotonic() - started < 4
    if version != "h2":
        vendor.stop()


def test_a_busy_caller_does_not_take_the_whole_queue(vendor_gateway):
    vendor, gateway = vendor_gateway(
        GOOD, target={"rate": {"requests": 10, "per": "1s"}, "queue": {"max": 20},
                      "timeouts": {"attempt": "2s", "total": "4s"}}, workers=1)
    answers = []

    def greedy():
        with gateway.connect() as connection:
            streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(60)]
            answers.extend(connection.answer(stream) for stream in streams)

    thread = threading.Thread(target=greedy)
    thread.start()
    until(lambda: total(gateway, "product_gateway_gate_queue_depth") >= 20, "the queue is full")
    started = time.monotonic()
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    assert time.monotonic() - started < 1, "its turn comes next, not behind twenty others"
    thread.join()
    assert any(answer.status in (429, 503) for answer in answers)


# Nothing of one target's trouble reaches another.


def dead_targets(start_vendor):
    """Five vendors that are dead in different ways."""
    refusing = socket.socket()
    refusing.bind(("127.0.0.1", 0))
    # Nobody accepts: the connection is made by the kernel and never spoken on.
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(1)
    short = {"timeouts": {"connect": "500ms", "attempt": "1s", "total": "2s"}}
    targets = {
        "refusing": {"baseURL": f"http://127.0.0.1:{refusing.getsockname()[1]}"},
        "accepting": {"baseURL": f"http://127.0.0.1:{silent.getsockname()[1]}"},
        "without-tls": {"baseURL": f"https://127.0.0.1:{silent.getsockname()[1]}"},
        "silent": {"baseURL": start_vendor(Never()).url},
        "resetting": {"baseURL": start_vendor(Reset(2)).url},
    }
    return {name: {"dialect": "elastic-path", **short, **each} for name, each in targets.items()}, (refusing, silent)


def latencies(gateway, seconds):
    times = []
    end = time.monotonic() + seconds
    with gateway.connect() as connection:
        while time.monotonic() < end:
            started = time.monotonic()
            answer = connection.request("PATCH", f"{UPDATE}?target=well", {"name": "x"})
            times.append(time.monotonic() - started)
            assert answer.status == 200, answer
    return times


@pytest.mark.alone
def test_five_dead_targets_cost_the_one_that_is_well_nothing(start_vendor, start_gateway):
    dead, sockets = dead_targets(start_vendor)
    gateway = start_gateway({"well": {"dialect": "elastic-path", "baseURL": start_vendor(GOOD).url}, **dead}, workers=1)
    before = sorted(latencies(gateway, 2))
    stop = threading.Event()
    asked = []

    def ask_dead(name):
        with gateway.connect() as connection:
            while not stop.is_set():
                answer = connection.request("PATCH", f"{UPDATE}?target={name}", {"name": "x"})
                asked.append(answer.json["code"])
                assert answer.status >= 500, answer
                # This client, not the gateway, is the machine's load.
                stop.wait(0.01)

    threads = [threading.Thread(target=ask_dead, args=(name,)) for name in dead for _ in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: asked.count("vendor_unavailable") > 100, "the dead are left alone")
    during = sorted(latencies(gateway, 2))
    queues = [target(gateway, name) for name in dead]
    stop.set()
    for thread in threads:
        thread.join()
    for each in sockets:
        each.close()
    p99 = [times[int(len(times) * 0.99)] for times in (before, during)]
    print(f"p99 {p99[0] * 1000:.1f} ms alone, {p99[1] * 1000:.1f} ms beside five that are dead; {len(asked)} asked")
    # Twenty more clients in this one process are most of the difference.
    assert p99[1] < p99[0] + 0.1, p99
    assert all(each["queueDepth"] + each["gateQueueDepth"] < 10 for each in queues), queues
