"""What happens is counted where an operator will look for it."""

import json
import select
import signal
import socket
import threading
import urllib.error
import urllib.request

from harness.configuration import listener, vendor_targets, write
from harness.processes import Gateway
from harness.vendor import Close, Never, Reply, Reset
from harness.waiting import until
from test_metrics import ask, samples, total

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


def status(gateway):
    return json.loads(ask(gateway, "/status")[2])


def test_retries_and_attempts_say_what_went_wrong(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"retries": {"attempts": 2, "backoff": "1ms"}})
    vendor.script = [Reset(7), GOOD]
    with gateway.connect() as connection:
        assert connection.request("PATCH", UPDATE, {"name": "x"}).status == 200
        vendor.script = [Close(), Close()]
        assert connection.request("PATCH", UPDATE, {"name": "x"}).status == 502
    attempts = "product_gateway_attempts_total"
    until(lambda: total(gateway, attempts) == 4, "all attempts are counted")
    assert total(gateway, attempts, outcome="refused") == 1
    assert total(gateway, attempts, outcome="answered") == 1
    assert total(gateway, attempts, outcome="ended_without_answer") == 2
    assert total(gateway, "product_gateway_retries_total", reason="refused") == 1
    assert total(gateway, "product_gateway_retries_total", reason="ended_without_answer") == 1


def test_vendor_answers_are_counted_by_status_and_by_the_code_they_mean(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    vendor.script = [GOOD, Reply(404, {"errors": [{"title": "Not Found", "status": "404"}]}), Reply(200, "not JSON")]
    with gateway.connect() as connection:
        for _ in range(3):
            connection.request("PATCH", UPDATE, {"name": "x"})
    answers = "product_gateway_vendor_answers_total"
    until(lambda: total(gateway, answers) == 3, "all answers are counted")
    assert total(gateway, answers, status="2xx", code="ok") == 1
    assert total(gateway, answers, status="4xx", code="product_not_found") == 1
    assert total(gateway, answers, status="2xx", code="vendor_unintelligible") == 1


def test_what_documents_are_refused_for_is_counted_by_member(vendor_gateway):
    _, gateway = vendor_gateway(GOOD)
    with gateway.connect() as connection:
        connection.request("PATCH", UPDATE, {"name": 5, "tags": "x"})
        connection.request("PATCH", UPDATE, {"no-such-member": 5})
        connection.request("PATCH", UPDATE, "{")
    refusals = "product_gateway_translation_refusals_total"
    until(lambda: total(gateway, refusals) == 4, "all refusals are counted")
    for pointer in ("name", "tags", "other", "document"):
        assert total(gateway, refusals, pointer=pointer) == 1, pointer


def test_a_queue_and_what_is_under_way_are_seen_while_they_last(vendor_gateway):
    gate = threading.Event()

    def held(request):
        gate.wait(10)
        return GOOD

    _, gateway = vendor_gateway(
        held, workers=1, target={"connections": {"max": 1, "maxStreams": 1}, "queue": {"timeout": "15s"}, "timeouts": {
            "connect": "1s", "attempt": "15s", "total": "15s"}})
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(3)]
        until(lambda: total(gateway, "product_gateway_upstream_queue_depth") == 2, "two wait")
        assert total(gateway, "product_gateway_upstream_streams_open") == 1
        assert total(gateway, "product_gateway_upstream_connections_open", target="acme") == 1
        assert total(gateway, "product_gateway_worker_exchanges_in_flight", worker="0") == 3
        assert total(gateway, "product_gateway_downstream_streams_open") == 3
        [target] = status(gateway)["targets"]
        assert (target["queueDepth"], target["streamsOpen"]) == (2, 1)
        gate.set()
        assert [connection.answer(stream).status for stream in streams] == [200, 200, 200]
    until(lambda: total(gateway, "product_gateway_upstream_queue_depth") == 0, "nobody waits")


def test_callers_who_leave_are_counted(vendor_gateway):
    vendor, gateway = vendor_gateway(Never(), target={
        "timeouts": {"connect": "500ms", "attempt": "700ms", "total": "700ms"}})
    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"})
        until(lambda: vendor.requests, "the request is with the vendor")
        connection.reset(stream)
        until(lambda: total(gateway, "product_gateway_exchanges_abandoned_total") == 1, "the exchange is abandoned")
    assert total(gateway, "product_gateway_exchanges_total", code="caller_left") == 1
    assert total(gateway, "product_gateway_requests_total", code="vendor_timeout") == 1


def test_access_tokens_are_counted_by_what_came_of_asking(start_gateway, start_sandbox):
    sandbox = start_sandbox()
    gateway = start_gateway(vendor_targets(f"http://localhost:{sandbox.port}"))
    refreshes = "product_gateway_credential_refreshes_total"
    assert gateway.update("cor", "EXT-PROD-12345", {"name": "x"}).status == 200
    assert total(gateway, refreshes, target="cor", outcome="ok") == 1
    sandbox.control.fault(vendor="elastic-path", endpoint="token", times=1, fault={"status": 401, "body": "no"})
    assert gateway.update("elastic-path", ID, {"name": "x"}).json["code"] == "vendor_credentials_rejected"
    assert total(gateway, refreshes, target="elastic-path", outcome="rejected") == 1
    assert total(gateway, refreshes) == 2


def test_a_refused_reload_is_seen_with_its_reasons_and_the_next_good_one_clears_it(tmp_path):
    configuration = {
        "listener": listener(None), "admin": {"host": "127.0.0.1", "port": 0},
        "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}}
    file = write(tmp_path, configuration)
    gateway = Gateway("--config", file, env={}, is_tls=False)
    try:
        before = status(gateway)["configuration"]
        assert before["isLastLoadInForce"] and before["loads"] == 1
        write(tmp_path, {**configuration, "nonsense": 1})
        gateway.signal(signal.SIGHUP)
        until(lambda: total(gateway, "product_gateway_configuration_last_load_successful") == 0, "the refusal is seen")
        refused = status(gateway)["configuration"]
        assert any("nonsense" in reason for reason in refused["lastRefusal"]["reasons"])
        assert refused["hash"] == before["hash"]
        write(tmp_path, {**configuration, "targets": {
            **configuration["targets"], "t": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
        gateway.signal(signal.SIGHUP)
        until(lambda: total(gateway, "product_gateway_configuration_last_load_successful") == 1, "the reload is seen")
        after = status(gateway)
        assert after["configuration"]["hash"] != before["hash"]
        assert [target["name"] for target in after["targets"]] == ["s", "t"]
        assert total(gateway, "product_gateway_configuration_loads_total", outcome="refused") == 1
        assert total(gateway, "product_gateway_configuration_loads_total", outcome="ok") == 2
    finally:
        assert gateway.stop() == 0


def test_readiness_gives_its_reasons_one_by_one(gateway):
    code, _, text = ask(gateway, "/readyz?verbose")
    assert code == 200
    assert text.splitlines() == ["[+] listening", "[+] staying", "ready"]


def test_operators_connections_are_limited_and_those_that_end_make_room(gateway):
    def connect():
        connection = socket.create_connection(("127.0.0.1", gateway.admin_port), timeout=10)
        connection.sendall(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n")
        try:
            return connection, connection.recv(1000)
        except ConnectionError:
            return connection, b""

    held = [connect() for _ in range(70)]
    assert all(answer for _, answer in held), "whoever comes is served"
    poll = select.poll()
    for connection, _ in held:
        poll.register(connection, select.POLLRDHUP)
    until(lambda: len(poll.poll(0)) >= 6, "the oldest are closed for those that came later")
    assert 50 <= 70 - len(poll.poll(0)) <= 64
    for connection, _ in held:
        connection.close()
    until(lambda: ask_or_nothing(gateway), "there is room again")


def ask_or_nothing(gateway):
    try:
        return ask(gateway, "/livez")[0] == 200
    except OSError:
        return False


def test_only_reading_is_allowed(gateway):
    request = urllib.request.Request(f"http://127.0.0.1:{gateway.admin_port}/metrics", data=b"x", method="POST")
    try:
        urllib.request.urlopen(request, timeout=10)
        code = 200
    except urllib.error.HTTPError as error:
        code = error.code
    assert code == 405
