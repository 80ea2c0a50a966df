"""Starting, being watched, and stopping without losing anything."""

import json
import signal
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from harness.configuration import write
from harness.http2_client import Connection, ConnectionGone, StreamReset
from harness.processes import binary, environment
from harness.vendor import Never, Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
UPDATE = f"/v1/products/{ID}"


def admin(gateway, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_operators_see_that_it_lives_and_is_ready(gateway):
    assert admin(gateway, "/livez")[0] == 200
    assert admin(gateway, "/readyz")[0] == 200
    status, body = admin(gateway, "/status")
    assert status == 200 and json.loads(body)["ready"] is True
    assert admin(gateway, "/nothing")[0] == 404


def test_liveness_and_readiness_do_not_depend_on_a_vendor(start_gateway):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}})
    assert gateway.update("s", "PRD-1234-1234", {"name": "x"}).status == 502
    assert admin(gateway, "/livez")[0] == 200
    assert admin(gateway, "/readyz")[0] == 200


def test_every_line_of_the_log_is_json(gateway):
    gateway.update("cor", "EXT-PROD-12345", {"name": "\u2028 \" \\ \x7f"})
    for line in list(gateway.output):
        assert {"time", "level", "message"} <= set(json.loads(line))


def test_an_idle_gateway_stops_at_once_with_0(start_gateway):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}})
    assert gateway.stop() == 0
    assert gateway.lines("stopped")


def test_sigint_stops_it_as_well(start_gateway):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}})
    gateway.signal(signal.SIGINT)
    assert gateway.wait() == 0


def test_a_hangup_does_not_end_the_gateway(start_gateway):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}})
    gateway.signal(signal.SIGHUP)
    for _ in range(20):
        assert gateway.request("GET", "/v1/targets").status == 200


def test_a_second_signal_ends_it_at_once(vendor_gateway):
    vendor, gateway = vendor_gateway(Never(), workers=1, target={
        "timeouts": {"connect": "500ms", "attempt": "20s", "total": "20s"}})
    with gateway.connect() as connection:
        connection.send("PATCH", UPDATE, {"name": "x"})
        until(lambda: vendor.requests, "the request is with the vendor")
        gateway.signal(signal.SIGTERM)
        until(lambda: gateway.lines("stopping"), "the gateway is stopping")
        gateway.signal(signal.SIGTERM)
        assert gateway.wait(5) == -signal.SIGTERM


def test_a_stop_finishes_what_is_in_flight_and_says_goodbye(vendor_gateway):
    gate = threading.Event()

    def held(request):
        gate.wait(10)
        return GOOD

    # A caller with a request under way is told when half of the drain is over.
    vendor, gateway = vendor_gateway(held, workers=1, drainTimeout="3s", target={
        "timeouts": {"connect": "1s", "attempt": "10s", "total": "10s"}})
    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"})
        until(lambda: vendor.requests, "the request is with the vendor")
        gateway.signal(signal.SIGTERM)
        until(lambda: gateway.lines("stopping"), "the gateway is stopping")
        connection.read_until(lambda: connection.goaway is not None)
        assert connection.goaway == 0
        gate.set()
        assert connection.answer(stream).status == 200
    assert gateway.wait() == 0


def test_a_stopping_gateway_is_not_ready_and_takes_no_new_connections(vendor_gateway):
    _, gateway = vendor_gateway(Never(), workers=1, drainTimeout="5s", target={
        "timeouts": {"connect": "500ms", "attempt": "2s", "total": "2s"}})
    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"})
        gateway.signal(signal.SIGTERM)
        until(lambda: gateway.lines("stopping"), "the gateway is stopping")
        until(lambda: admin(gateway, "/readyz")[0] == 503, "the gateway says that it is not ready")
        assert admin(gateway, "/livez")[0] == 200
        try:
            gateway.connect().close()
            refused = False
        except OSError:
            refused = True
        assert refused, "a stopping gateway takes connections"
        assert connection.answer(stream).status == 504
    assert gateway.wait() == 0


def test_readiness_is_gone_before_the_first_goaway_comes(vendor_gateway):
    _, gateway = vendor_gateway(Never(), workers=1, drainTimeout="5s", target={
        "timeouts": {"connect": "500ms", "attempt": "2s", "total": "2s"}})
    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"})
        gateway.signal(signal.SIGTERM)
        connection.read_until(lambda: connection.goaway is not None)
        # The first of the pair: it excludes nothing yet (RFC 9113 section 6.8).
        assert connection.last_stream == 2**31 - 1
        status, reason = admin(gateway, "/readyz?verbose")
        assert status == 503 and "[-] staying: the gateway is stopping" in reason
        connection.read_until(lambda: connection.last_stream != 2**31 - 1)
        assert connection.last_stream == stream
        assert connection.answer(stream).status == 504
    assert gateway.wait() == 0


def test_what_takes_longer_than_the_drain_timeout_is_cut_answered_and_told(vendor_gateway):
    vendor, gateway = vendor_gateway(Never(), workers=1, drainTimeout="700ms", target={
        "timeouts": {"connect": "500ms", "attempt": "20s", "total": "20s"}})
    with gateway.connect() as connection:
        sent = connection.send("PATCH", UPDATE, {"name": "x"})
        created = connection.send(
            "POST", "/v1/products", {"name": "x", "sku": "X-1", "kind": "digital", "status": "draft"})
        until(lambda: len(vendor.requests) == 2, "the requests are with the vendor")
        receiving = connection.begin("PATCH", UPDATE, body=b"{}", end=False)
        gateway.signal(signal.SIGTERM)

        answer = connection.answer(sent)
        assert answer.status == 504
        assert (answer.json["code"], answer.json["outcome"], answer.json["retryable"]) == (
            "vendor_timeout", "unknown", True)
        answer = connection.answer(created)
        assert (answer.json["code"], answer.json["outcome"], answer.json["retryable"]) == (
            "vendor_timeout", "unknown", False)
        answer = connection.answer(receiving)
        assert answer.status == 503
        assert (answer.json["code"], answer.json["outcome"], answer.json["retryable"]) == (
            "overloaded", "not_sent", True)
        assert gateway.wait() == 1
    [stopped] = gateway.lines("stopped")
    assert stopped["level"] == "warning" and int(stopped["exchangesCut"]) == 3
    lines = gateway.lines("exchange")
    assert [(line["level"], line["cut"]) for line in lines] == [("warning", True)] * 3
    assert sorted(line["outcome"] for line in lines) == ["not_sent", "unknown", "unknown"]


def test_an_update_whose_caller_has_gone_is_told_when_it_is_cut(vendor_gateway):
    vendor, gateway = vendor_gateway(Never(), workers=1, drainTimeout="0s", target={
        "timeouts": {"connect": "500ms", "attempt": "20s", "total": "20s"}})
    with gateway.connect() as connection:
        connection.send("PATCH", UPDATE, {"name": "x"})
        until(lambda: vendor.requests, "the request is with the vendor")
    until(lambda: json.loads(admin(gateway, "/status")[1])["workers"][0]["connectionsOpen"] == 0, "the caller has gone")
    gateway.signal(signal.SIGTERM)
    assert gateway.wait() == 1
    [line] = gateway.lines("exchange")
    assert line["cut"] is True and line["outcome"] == "unknown"
    assert int(gateway.lines("stopped")[0]["exchangesCut"]) == 1


def test_a_stop_under_load_loses_nothing(vendor_gateway, start_gateway):
    """Callers that follow RFC 9113 repeat what the GOAWAY left out; everything else is answered."""
    vendor, gateway = vendor_gateway(GOOD)
    answered, lost, must_stop = [], [], threading.Event()

    def call():
        try:
            connection = gateway.connect()
        except OSError:
            return
        with connection:
            while not must_stop.is_set() and connection.goaway is None and not connection.is_closed:
                try:
                    streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(5)]
                except Exception:
                    return  # Not sent: this caller would go to another gateway.
                for stream in streams:
                    try:
                        answered.append(connection.answer(stream).status)
                    except StreamReset as reset:
                        if reset.code != 7:
                            lost.append(reset.code)
                    except ConnectionGone:
                        if connection.last_stream is None or stream <= connection.last_stream:
                            lost.append("connection")

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    until(lambda: len(answered) > 200, "the load runs")
    gateway.signal(signal.SIGTERM)
    code = gateway.wait()
    must_stop.set()
    for caller in callers:
        caller.join(20)
    assert code == 0
    assert set(answered) == {200}
    assert lost == []


def test_a_killed_reader_of_the_log_does_not_stop_the_gateway(tmp_path):
    file = write(tmp_path, {
        "listener": {"host": "127.0.0.1", "port": 0}, "admin": {"port": 0},
        "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
    process = subprocess.Popen(
        [binary(), "run", "--config", file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
    try:
        line = json.loads(process.stdout.readline())
        while line.get("for") != "callers":
            line = json.loads(process.stdout.readline())
        process.stdout.close()
        for _ in range(5):
            with Connection("localhost", int(line["port"])) as connection:
                assert connection.request("GET", "/v1/targets").status == 200
        assert process.poll() is None
    finally:
        process.terminate()
    assert process.wait(20) == 0


@pytest.mark.alone
def test_memory_does_not_grow_with_connections_that_come_and_go(start_gateway):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, tls=True, workers=1)

    def connections(count):
        for _ in range(count):
            with gateway.connect() as connection:
                assert connection.request("PATCH", "/v1/products/1?target=s", "{").status == 400

    connections(200)
    before = gateway.memory_bytes()
    connections(400)
    assert gateway.memory_bytes() - before < 8_000_000
