"""What callers and vendors can make the gateway hold, all together, is bounded by `limits.memory`."""

import json
import socket
import threading
import urllib.request

import pytest

from harness.bystanders import PRODUCT, Bystanders
from harness.frames import HEADERS, FrameConnection, data, window_update
from harness.vendor import Never, Reply
from harness.waiting import until

pytestmark = pytest.mark.alone
ID = PRODUCT.rsplit("/", 1)[1]
MIB = 1 << 20


def product(size):
    return Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * size}}})


def by_name(size):
    large = product(size)
    return lambda request: large if b"large" in request.body else product(10)


def memory(gateway):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/status", timeout=20) as answer:
        return json.load(answer)["memory"]


def update(connection, stream, body=b'{"name": "large"}', end=True, target=""):
    fields = connection.fields("PATCH", PRODUCT + target, [("content-type", "application/json")])
    return connection.headers(stream, fields, end=False) + data(stream, body, end=end)


@pytest.fixture
def bounded(vendor_gateway):
    def start(usually, limits=None, **members):
        return vendor_gateway(
            usually, workers=1,
            limits={"memory": "192MiB", "answerTimeout": "20s", "bodyTimeout": "20s", **(limits or {})},
            target={"timeouts": {"connect": "1s", "attempt": "10s", "total": "20s"}}, **members)
    return start


def test_unread_answers_of_many_connections_stay_within_the_budget_and_go_back_to_the_system(bounded):
    """Forty connections that could have ten megabytes each: without a budget that is 400."""
    _, gateway = bounded(by_name(1_000_000), limits={"connectionBuffer": "10MiB"})
    assert memory(gateway)["stage"] == "ample"
    with Bystanders(gateway, megabytes=192) as others:
        before = others.before
        stalled = []
        for _ in range(40):
            connection = FrameConnection(gateway.port, values=((4, 0),))
            connection.send(b"".join(update(connection, 2 * number + 1) for number in range(10)))
            stalled.append(connection)
        until(lambda: gateway.metric("product_gateway_memory_stages_reached_total") > 0, "the budget is felt", 30)
        others.must_be_served(20)
        taken = memory(gateway)
        assert taken["takenBytes"] < taken["budgetBytes"] == 192 * MIB, taken
        assert others.peak < 192 * MIB, f"{others.peak / MIB} MiB"
        for connection in stalled:
            connection.close()
    until(lambda: memory(gateway)["stage"] == "ample", "the budget is free again", 20)
    until(lambda: gateway.memory_bytes() < before + 32 * MIB,
          "the memory goes back to the system", 15)


def test_unfinished_bodies_of_many_connections_stay_within_the_budget(bounded):
    _, gateway = bounded(product(10), limits={"requestBody": "8MiB", "connectionBuffer": "8MiB"})
    with Bystanders(gateway, megabytes=192) as others:
        held = []
        for _ in range(40):
            caller = socket.create_connection(("localhost", gateway.port), timeout=20)
            caller.sendall((f"PATCH {PRODUCT} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            f"Content-Length: {8 * MIB}\r\n\r\n").encode())
            sender = threading.Thread(target=send_most, args=(caller, 7 * MIB), daemon=True)
            sender.start()
            held.append((caller, sender))
        for _, sender in held:
            sender.join(30)
        assert gateway.metric("product_gateway_memory_given_up_total") > 0
        others.must_be_served(20)
        assert others.peak < 192 * MIB, f"{others.peak / MIB} MiB"
        for caller, _ in held:
            caller.close()
    until(lambda: memory(gateway)["stage"] == "ample", "the budget is free again", 20)


def send_most(caller, count):
    try:
        caller.sendall(b" " * count)
    except OSError:
        pass


def test_finished_results_wait_for_a_slow_target_within_the_budget_and_go_when_their_caller_goes(
        bounded, start_vendor):
    """One target answers with a megabyte, the other never: what is finished waits for what is not."""
    slow = start_vendor(Never())
    _, gateway = bounded(by_name(1_000_000))
    document = json.loads(gateway.file.read_text())
    document["targets"]["slow"] = {
        **document["targets"]["acme"], "baseURL": slow.url, "timeouts": {"attempt": "20s", "total": "20s"}}
    gateway.file.write_text(json.dumps(document))
    gateway.signal(1)
    until(lambda: "slow" in gateway.request("GET", "/v1/targets").text, "the slow vendor is known")
    empty = memory(gateway)["takenBytes"]
    with FrameConnection(gateway.port) as caller:
        caller.send(b"".join(
            update(caller, 2 * number + 1, target="?target=acme,slow") for number in range(30)))
        until(lambda: memory(gateway)["takenBytes"] > empty + 25 * MIB, "finished results are counted", 20)
    until(lambda: memory(gateway)["takenBytes"] < empty + 4 * MIB, "what nobody will get is dropped", 5)
    # What it was asked for is over, and the gateway need not wait for it when it stops.
    slow.stop()


def test_beyond_the_second_stage_requests_are_refused_with_a_word(bounded):
    vendor, gateway = bounded(
        by_name(1_000_000), limits={"memory": "64MiB", "memoryStages": {"holding": 10, "refusing": 11}})
    answer = gateway.request("PATCH", PRODUCT, {"name": "x"})
    assert answer.status == 503, answer
    problem = json.loads(answer.body)
    assert (problem["code"], problem["outcome"], problem["retryable"]) == ("overloaded", "not_sent", True), problem
    assert "retry-after" in answer.headers
    assert not vendor.requests
    assert memory(gateway)["stage"] == "refusing"
    # What needs no vendor is answered as ever.
    assert gateway.request("GET", "/v1/targets").status == 200
    given_up = [line for line in metrics(gateway) if line.startswith("product_gateway_memory_given_up_total")]
    assert 'product_gateway_memory_given_up_total{what="request"} 1' in given_up, given_up


def metrics(gateway):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/metrics", timeout=20) as answer:
        return answer.read().decode().splitlines()


def test_in_the_first_stage_large_bodies_are_refused_and_small_ones_are_not(bounded):
    _, gateway = bounded(product(10), limits={"memory": "64MiB", "memoryStages": {"holding": 10, "refusing": 98,
                                                                                    "shedding": 99}})
    assert memory(gateway)["stage"] == "holding"
    assert gateway.request("PATCH", PRODUCT, {"name": "x"}).status == 200
    answer = gateway.request("PATCH", PRODUCT, {"description": "x" * 100_000})
    assert answer.status == 503 and json.loads(answer.body)["outcome"] == "not_sent", answer
