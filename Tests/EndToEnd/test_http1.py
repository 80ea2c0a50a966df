"""HTTP/1.1: real clients, raw bytes, and what a connection of it goes through."""

import json
import socket
import ssl
import subprocess
import threading
import time
import urllib.request

import pytest

from harness.http1_client import HTTP1Connection
from harness.http2_client import ConnectionGone
from harness.vendor import Never, Reply
from harness.waiting import until

PRODUCT = "/v1/products/EXT-PROD-12345?target=cor"
DOCUMENT = json.dumps({"name": "New"})
ID = "60afe403-a191-455e-b771-c510c928a308"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
NOBODY = {"cor": {"dialect": "cor", "baseURL": "http://localhost:1", "parameters": {"source": "JIRA"}}}


def curl(*arguments):
    result = subprocess.run(
        ["curl", "-sS", "--max-time", "30", "-w", "\n%{http_version} %{http_code} %{num_connects}", *arguments],
        capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    body, _, last = result.stdout.rpartition("\n")
    return body, last.split()


UPDATE = ("-X", "PATCH", "-H", "content-type: application/json", "-d", DOCUMENT)


def test_curl_speaks_http1_by_alpn_and_without_it(gateway):
    url = f"https://localhost:{gateway.port}{PRODUCT}"
    for options in (["--http1.1"], ["--no-alpn"]):
        body, (version, status, _) = curl("--cacert", gateway.authority, *options, *UPDATE, url)
        assert (version, status) == ("1.1", "200")
        assert json.loads(body)["product"]["name"] == "New"
    assert curl("--cacert", gateway.authority, *UPDATE, url)[1][0] == "2", "what can do better does"


def test_curl_speaks_both_without_tls(plain_gateway):
    url = f"http://localhost:{plain_gateway.port}{PRODUCT}"
    assert curl("--http1.1", *UPDATE, url)[1][:2] == ["1.1", "200"]
    assert curl("--http2-prior-knowledge", *UPDATE, url)[1][:2] == ["2", "200"]
    # The offer of an upgrade is not taken, and the request answered.
    assert curl("--http2", *UPDATE, url)[1][:2] == ["1.1", "200"]
    assert curl("--http1.0", *UPDATE, url)[1][1] == "200"


def test_curl_uses_a_connection_again(plain_gateway):
    url = f"http://localhost:{plain_gateway.port}/v1/targets"
    body, last = curl("--http1.1", "-o", "/dev/null", url, "-o", "/dev/null", url, "-o", "/dev/null", url)
    assert (body + "\n" + " ".join(last)).split("\n") == ["", "1.1 200 1", "1.1 200 0", "1.1 200 0"]


def test_curl_sends_chunks_and_waits_for_100_continue(plain_gateway, tmp_path):
    url = f"http://localhost:{plain_gateway.port}{PRODUCT}"
    (tmp_path / "body.json").write_text(json.dumps({"nmae": "x" * 100_000}))
    result = subprocess.run(
        ["curl", "-sSv", "--http1.1", "-X", "PATCH", "-H", "content-type: application/json",
         "-H", "transfer-encoding: chunked", "-H", "expect: 100-continue", "--expect100-timeout", "20",
         "--data-binary", f"@{tmp_path}/body.json", url],
        capture_output=True, text=True, timeout=60)
    assert "< HTTP/1.1 100 Continue" in result.stderr, result.stderr
    assert json.loads(result.stdout)["code"] == "validation_failed"


def test_requests_are_answered_in_order_however_they_are_pipelined(plain_gateway):
    with plain_gateway.connect_http1() as connection:
        heads = [connection.head("GET", "/v1/targets/nobody", {"x-request-id": str(number)}) for number in range(60)]
        connection.send_bytes(b"".join(heads))
        ids = [connection.answer().headers["x-request-id"] for _ in heads]
        assert ids == [str(number) for number in range(60)]


def test_a_deep_pipeline_is_answered_up_to_the_limit(plain_gateway):
    """Nothing is lost in silence: the last answer says that the connection ends; nothing behind it was processed."""
    with plain_gateway.connect_http1() as connection:
        heads = [
            connection.head("GET", "/v1/targets/nobody", {"x-request-id": f"deep-{number}"}) for number in range(400)]
        connection.send_bytes(b"".join(heads))
        text = connection.rest().decode()
    assert text.count("HTTP/1.1 404") >= 1
    assert text.count("connection: close") == 1
    last = [line for line in text.split("\r\n") if line.startswith("x-request-id: ")][-1].split("-")[-1]
    assert text.count("HTTP/1.1 404") == int(last) + 1


@pytest.mark.alone
def test_what_is_pipelined_behind_a_waiting_update_stays_with_the_caller(vendor_gateway):
    """A caller that goes on sending is not read, and memory does not grow."""
    release = threading.Event()
    vendor, gateway = vendor_gateway(lambda request: release.wait(20) and GOOD or GOOD, target={
        "timeouts": {"connect": "1s", "attempt": "20s", "total": "30s"}})
    with gateway.connect_http1() as connection:
        connection.send("PATCH", f"/v1/products/{ID}", {"name": "x"})
        until(lambda: vendor.requests, "the vendor has the update")
        before = gateway.memory_bytes()
        connection.socket.settimeout(2)
        head = connection.head("GET", "/v1/targets/nobody", {"x-filler": "y" * 4000})
        sent = 0
        try:
            while sent < 64 * 1024 * 1024:
                connection.socket.sendall(head)
                sent += len(head)
        except (TimeoutError, socket.timeout):
            pass
        assert sent < 32 * 1024 * 1024, "the gateway reads what it cannot answer yet"
        assert gateway.memory_bytes() - before < 24 * 1024 * 1024
        release.set()
        assert connection.answer("PATCH").status == 200


def test_a_caller_that_leaves_is_noticed_although_it_is_not_read(vendor_gateway):
    vendor, gateway = vendor_gateway(Never(), target={"timeouts": {"connect": "1s", "attempt": "3s", "total": "3s"}})
    with gateway.connect_http1() as connection:
        connection.send("PATCH", f"/v1/products/{ID}", {"name": "x"}, {"x-request-id": "left-waiting"})
        until(lambda: vendor.requests, "the vendor has the update")
    line = gateway.exchange_line("left-waiting")
    assert line["end"] == "caller_left"
    # What was sent was left to finish, and is recorded as what it is.
    assert line["outcome"] == "unknown"


def test_a_caller_that_goes_away_in_its_body_leaves_nothing_behind(plain_gateway, sandbox):
    connection = plain_gateway.connect_http1()
    connection.send_bytes(connection.head("PATCH", PRODUCT, {
        "content-type": "application/json", "content-length": "100", "x-request-id": "half-a-body",
    }) + b'{"name": "half')
    connection.close()
    line = plain_gateway.exchange_line("half-a-body")
    assert line["end"] == "caller_left"
    assert sandbox.exchanges() == []


def test_early_refusals_are_read_to_their_end_by_a_caller_that_still_sends(plain_gateway, sandbox):
    """The answer arrives although the caller has sent megabytes that nobody wants, and the connection ends."""
    for headers in ({"content-length": str(200 * 1024 * 1024)}, {"transfer-encoding": "chunked"}):
        with plain_gateway.connect_http1() as connection:
            connection.send_bytes(connection.head("PATCH", PRODUCT, {"content-type": "application/json", **headers}))
            try:
                for _ in range(64):
                    connection.send_bytes(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            except ConnectionGone:
                pass
            answer = connection.answer("PATCH")
            assert answer.status == 413
            assert answer.headers["connection"] == "close"
    assert sandbox.exchanges() == []


def test_trailers_of_a_request_are_taken_and_dropped(plain_gateway, sandbox):
    with plain_gateway.connect_http1() as connection:
        connection.send_bytes(
            connection.head("PATCH", PRODUCT, {
                "content-type": "application/json", "transfer-encoding": "chunked", "trailer": "x-checksum"})
            + b'd\r\n{"name": "x"}\r\n0\r\nx-checksum: 1\r\nauthorization: Bearer x\r\nx-request-id: y\r\n\r\n')
        assert connection.answer("PATCH").status == 200
        assert connection.request("GET", "/v1/targets").status == 200
    request = sandbox.products_requests("cor")[0]["request"]
    assert "x-checksum" not in {field["name"] for field in request["headers"]}


@pytest.mark.parametrize("data", [
    b"GET /v1/targets HTTP/1.1\r\n\r\n",
    b"GET /v1/targets HTTP/1.1\nHost: a\n\n",
    b"GET /v1/targets HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /v1/targets HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
    b"POST /v1/targets HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/targets HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"POST /v1/targets HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"GET http://other/v1/targets HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /v1/targets HTTP/3.0\r\nHost: a\r\n\r\n",
    b"GET /v1/targets HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
], ids=[
    "no host", "bare LF", "a space before the colon", "a folded field", "length and chunked", "two lengths",
    "another coding", "another host", "another version", "a huge field", "a huge path",
])
@pytest.mark.parametrize("over_tls", [False, True], ids=["plain", "TLS"])
def test_what_is_malformed_is_answered_and_nothing_behind_it_is_read(gateway, plain_gateway, sandbox, data, over_tls):
    target = gateway if over_tls else plain_gateway
    with target.connect_http1() as connection:
        connection.send_bytes(data + b"PATCH " + PRODUCT.encode() + b" HTTP/1.1\r\nHost: smuggled\r\n"
                              b"Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"name\": \"x\"}\r\n")
        answer = connection.answer()
        status, code = (431, "header_fields_too_large") if len(data) > 100_000 else (400, "invalid_request")
        assert (answer.status, answer.json["code"]) == (status, code), answer
        assert answer.headers["connection"] == "close"
        assert len(answer.json["requestId"]) == 32
        assert answer.json["requestId"] == answer.headers["x-request-id"]
        assert connection.rest() == b""
    assert sandbox.exchanges() == []
    assert target.exchange_line(answer.json["requestId"])["code"] == code


def test_what_is_neither_protocol_gets_the_end_of_the_connection(plain_gateway):
    for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100, b"INVALID CONNECTION PREFACE\r\n\r\n"):
        with plain_gateway.connect_http1() as connection:
            connection.send_bytes(data)
            # HTTP/2's beginning at most, and nothing that could be taken for an answer.
            assert b"HTTP/1.1" not in connection.rest()
    assert plain_gateway.request("GET", "/v1/targets").status == 200


def test_http2_is_taken_without_alpn_as_well(gateway):
    with gateway.connect_http1(alpn=None) as connection:
        connection.send_bytes(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        # SETTINGS, the first frame of a server.
        while len(connection._input) < 9:
            connection._read()
        assert connection._input[3] == 4


def test_a_protocol_agreed_on_is_kept_to(gateway):
    with gateway.connect_http1() as connection:
        connection.send_bytes(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        assert connection.answer().status == 400
    # No protocol that we know is agreed on: the handshake fails.
    context = ssl.create_default_context(cafile=gateway.authority)
    context.set_alpn_protocols(["spdy/3"])
    with socket.create_connection(("localhost", gateway.port), timeout=10) as plain:
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(plain, server_hostname="localhost")


def test_slow_heads_are_cut_off_and_a_neighbour_is_served(start_gateway):
    gateway = start_gateway(NOBODY, workers=1, limits={"headerTimeout": "300ms", "handshakeTimeout": "400ms"})
    slow = []
    for beginning in (b"GET /v1/targets HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"GET /v1/tar"):
        connection = gateway.connect_http1()
        connection.send_bytes(beginning)
        slow.append(connection)
    # Between two requests the time for a head counts, not the one for idling.
    kept = gateway.connect_http1()
    assert kept.request("GET", "/v1/targets").status == 200
    kept.send_bytes(b"GET ")
    slow.append(kept)
    try:
        with gateway.connect_http1() as neighbour:
            for connection, has_answer in zip(slow, (True, False, True)):
                end = time.monotonic() + 10
                text = b""
                while not connection.is_closed and time.monotonic() < end:
                    try:
                        # A byte now and then does not help.
                        connection.send_bytes(b"x")
                    except ConnectionGone:
                        pass
                    assert neighbour.request("GET", "/v1/targets").status == 200
                    try:
                        connection._read(0.02)
                    except AssertionError:
                        pass
                    except ConnectionGone:
                        break
                text = connection._input
                assert connection.is_closed
                assert (b"HTTP/1.1 400" in text) == has_answer, text
                assert (b"did not arrive in time" in text) == has_answer, text
    finally:
        for connection in slow:
            connection.close()


def test_idle_connections_are_closed_after_their_time(start_gateway):
    gateway = start_gateway(NOBODY, limits={"idleTimeout": "1s"})
    with gateway.connect_http1() as connection:
        assert connection.request("GET", "/v1/targets").status == 200
        assert connection.rest(10) == b""


def test_a_body_that_does_not_arrive_in_time_is_refused(start_gateway):
    gateway = start_gateway(NOBODY, limits={"bodyTimeout": "300ms"})
    with gateway.connect_http1() as connection:
        connection.send_bytes(connection.head("PATCH", PRODUCT, {
            "content-type": "application/json", "content-length": "100"}))
        answer = connection.answer("PATCH")
        assert answer.status == 400 and "in time" in answer.json["detail"]
        # The rest is not waited for any longer than the body was.
        assert connection.rest(10) == b""


def test_a_caller_that_does_not_read_is_cut_off(start_gateway):
    """Answers that together exceed what the sockets hold: the caller sends on and reads nothing."""
    gateway = start_gateway(NOBODY, workers=1, limits={"answerTimeout": "500ms"})
    with gateway.connect_http1(receive_buffer=4096) as connection, gateway.connect_http1() as neighbour:
        # Long enough that what one read brings is no deep pipeline.
        heads = connection.head("GET", "/openapi.json", {"x-filler": "y" * 3000}) * 20
        connection.socket.settimeout(0.1)

        def cut_off():
            try:
                connection.socket.sendall(heads)
            except OSError:
                pass
            assert neighbour.request("GET", "/v1/targets").status == 200
            return metric(gateway, "product_gateway_callers_cut_off_total") == 1

        until(cut_off, "the caller is cut off")
        until(lambda: metric(gateway, "product_gateway_worker_exchanges_in_flight") == 0, "nothing is under way")


def metric(gateway, name, labels=""):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return sum(
        float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
        if line.startswith(name) and (not labels or labels in line))


def test_connections_are_counted_by_what_they_speak(start_gateway):
    gateway = start_gateway(NOBODY)
    gateway.connect_http1().close()
    for _ in range(2):
        with gateway.connect_http1() as connection:
            connection.request("GET", "/v1/targets")
    gateway.request("GET", "/v1/targets")
    for protocol, count in (("http1", 2), ("http2", 1), ("none", 1)):
        label = f'protocol="{protocol}"'
        until(lambda: metric(gateway, "product_gateway_downstream_connections_total", label) == count, label)
    until(lambda: metric(gateway, "product_gateway_worker_downstream_connections_open") == 0, "all are gone")
    assert metric(gateway, "product_gateway_downstream_streams_open") == 0


def test_a_stop_loses_no_request_of_callers_that_keep_their_connections(start_gateway):
    """Each caller hears with its last answer that the connection ends, and has then been answered everything."""
    gateway = start_gateway(NOBODY)
    ends = []

    def call():
        with gateway.connect_http1() as connection:
            for number in range(100_000):
                answer = connection.request("PATCH", PRODUCT + "&dryRun=true", {"name": str(number)})
                if answer.status != 200 or answer.json["body"]["name"] != str(number):
                    ends.append(answer)
                    return
                if answer.headers.get("connection") == "close":
                    ends.append(number)
                    return
                if number == 0:
                    answered.wait(20)

    # Whoever connects after the stop is not accepted: all have had an answer by then.
    answered = threading.Barrier(9)
    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    answered.wait(20)
    gateway.signal(15)
    for caller in callers:
        caller.join(30)
    assert len(ends) == 8 and all(isinstance(end, int) for end in ends), ends
    assert gateway.wait() == 0


def test_a_stop_ends_idle_connections_soon_and_busy_ones_with_their_answer(vendor_gateway):
    release = threading.Event()
    vendor, gateway = vendor_gateway(lambda request: release.wait(20) and GOOD or GOOD, target={
        "timeouts": {"connect": "1s", "attempt": "20s", "total": "30s"}})
    with gateway.connect_http1() as idle, gateway.connect_http1() as busy:
        assert idle.request("GET", "/v1/targets").status == 200
        busy.send("PATCH", f"/v1/products/{ID}", {"name": "x"})
        until(lambda: vendor.requests, "the vendor has the update")
        gateway.signal(15)
        assert idle.rest(10) == b""
        release.set()
        answer = busy.answer("PATCH")
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert busy.rest(10) == b""
    assert gateway.wait() == 0


def test_more_connections_than_allowed_are_closed(start_gateway):
    gateway = start_gateway(NOBODY, workers=1, limits={"connections": 3})
    kept = [gateway.connect_http1() for _ in range(3)]
    try:
        assert all(connection.request("GET", "/v1/targets").status == 200 for connection in kept)
        with HTTP1Connection("localhost", gateway.port) as one_more:
            assert one_more.rest(10) == b""
        assert kept[0].request("GET", "/v1/targets").status == 200
    finally:
        for connection in kept:
            connection.close()
