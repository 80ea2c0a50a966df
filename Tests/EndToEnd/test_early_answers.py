"""Requests that are refused before all of their body has come: every caller gets its answer, and nobody sends for ever.

Many clients send a whole body before they read a single byte (httpx, requests, most of what is written by hand). They
reach the answer only when the gateway takes what it does not want, up to a bound.
"""

import json
import subprocess
import time

import pytest

from harness.frames import (
    GOAWAY, NO_ERROR, RST_STREAM, WINDOW_UPDATE, FrameConnection, data)
from harness.http2_client import ConnectionGone
from harness.packages import python

PRODUCT = "/v1/products/EXT-PROD-12345"
NOBODY = {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}
JSON = "application/json"

# What is refused, by what is sent: method, path, media type, bytes; status and code of the answer.
REFUSALS = {
    "an unknown target": ("PATCH", f"{PRODUCT}?target=nobody", JSON, 200_000, 404, "unknown_target"),
    "no such path": ("POST", "/v2/products", JSON, 900_000, 404, "not_found"),
    "no such method": ("POST", PRODUCT, JSON, 900_000, 405, "method_not_allowed"),
    "another media type": ("PATCH", PRODUCT, "text/plain", 900_000, 415, "unsupported_media_type"),
    "three times the limit": ("PATCH", PRODUCT, JSON, 3_000_000, 413, "payload_too_large"),
    "ten times the limit": ("PUT", PRODUCT, JSON, 10_000_000, 413, "payload_too_large"),
}

HTTPX = """
import json, ssl, sys
import httpx

url, authority, http2, cases = json.loads(sys.argv[1])
context = ssl.create_default_context(cafile=authority)
for method, path, media_type, size, in_parts in cases:
    body = b"x" * size
    content = (body[at:at + 50_000] for at in range(0, size, 50_000)) if in_parts else body
    with httpx.Client(http2=http2, verify=context, timeout=10) as client:
        answer = client.request(method, url + path, content=content, headers={"content-type": media_type})
        # The connection goes on with HTTP/2; with HTTP/1.1 the client makes another one.
        again = client.get(url + "/v1/targets")
    print(json.dumps([answer.http_version, answer.status_code, answer.json()["code"], again.status_code]))
"""

REQUESTS = """
import json, sys
import requests

url, authority, cases = json.loads(sys.argv[1])
for method, path, media_type, size, in_parts in cases:
    body = b"x" * size
    content = (body[at:at + 50_000] for at in range(0, size, 50_000)) if in_parts else body
    with requests.Session() as session:
        answer = session.request(
            method, url + path, data=content, headers={"content-type": media_type}, verify=authority, timeout=10)
        again = session.get(url + "/v1/targets", verify=authority, timeout=10)
    print(json.dumps([answer.status_code, answer.json()["code"], again.status_code]))
"""


def run_python(program, *arguments, needs):
    """Runs `program` with `arguments` (as JSON in `sys.argv[1]`); the lines it prints, each read as JSON."""
    result = python("-c", program, json.dumps(arguments), needs=[needs])
    assert result.returncode == 0, result.stdout + result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def url(shared_gateway):
    return f"https://localhost:{shared_gateway.port}"


@pytest.mark.parametrize("in_parts", [False, True], ids=["a length that is known", "in parts"])
@pytest.mark.parametrize("version", ["HTTP/2", "HTTP/1.1"])
def test_httpx_reads_why_it_was_refused(shared_gateway, url, version, in_parts):
    cases = [[*case[:4], in_parts] for case in REFUSALS.values()]
    answers = run_python(HTTPX, url, str(shared_gateway.authority), version == "HTTP/2", cases, needs="httpx")
    assert answers == [[version, *case[4:], 200] for case in REFUSALS.values()]


@pytest.mark.parametrize("in_parts", [False, True], ids=["a length that is known", "chunked"])
def test_requests_reads_why_it_was_refused(shared_gateway, url, in_parts):
    cases = [[*case[:4], in_parts] for case in REFUSALS.values()]
    answers = run_python(REQUESTS, url, str(shared_gateway.authority), cases, needs="requests")
    assert answers == [[*case[4:], 200] for case in REFUSALS.values()]


@pytest.mark.parametrize("version", ["--http2", "--http1.1"])
@pytest.mark.parametrize("refusal", REFUSALS)
def test_curl_reads_why_it_was_refused(shared_gateway, url, tmp_path, version, refusal):
    method, path, media_type, size, status, code = REFUSALS[refusal]
    (tmp_path / "body").write_bytes(b"x" * size)
    result = subprocess.run(
        ["curl", "-sS", version, "--cacert", shared_gateway.authority, "-X", method, url + path, "-H", "expect:",
         "-H", f"content-type: {media_type}", "--data-binary", f"@{tmp_path}/body", "-w", "\n%{http_code}"],
        capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stderr
    body, _, found = result.stdout.rpartition("\n")
    assert (int(found), json.loads(body)["code"]) == (status, code)


# Bounds


def refused(connection, stream):
    """The fields of a request that is answered before its body."""
    return connection.headers(
        stream, connection.fields("PATCH", f"{PRODUCT}?target=nobody", [("content-type", JSON)]), end=False)


def send_on(connection, stream, count, seconds, size=16_384):
    """Sends `count` bytes on a stream as its windows and the connection's allow, for `seconds` at most; how many
    went out. Reads nothing but for credit."""
    end = time.monotonic() + seconds
    windows = {0: 65_535, stream: connection.peer_settings.get(4, 65_535)}
    for found in connection.frames:
        if found.kind == WINDOW_UPDATE and found.stream in windows:
            windows[found.stream] += int.from_bytes(found.payload, "big")
    seen = len(connection.frames)
    sent = 0
    while sent < count and time.monotonic() < end and not connection.is_closed:
        for found in connection.frames[seen:]:
            seen += 1
            if found.kind == WINDOW_UPDATE and found.stream in windows:
                windows[found.stream] += int.from_bytes(found.payload, "big")
            if found.kind == RST_STREAM and found.stream == stream:
                return sent
        room = min(size, count - sent, *windows.values())
        if room <= 0:
            connection.read_once(0.2)
            continue
        connection.send(data(stream, b"x" * room))
        sent += room
        for window in windows:
            windows[window] -= room
    return sent


@pytest.fixture(scope="module")
def bounded(tmp_path_factory):
    """A gateway whose callers have two seconds for a body."""
    from harness.configuration import listener, write
    from harness.processes import Gateway
    file = write(tmp_path_factory.mktemp("bounded"), {
        "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0}, "targets": NOBODY, "workers": 1,
        "limits": {"bodyTimeout": "3s"}})
    gateway = Gateway("--config", file, is_tls=False, env={})
    yield gateway
    assert gateway.stop() == 0


def test_what_nobody_wants_is_taken_to_its_end_and_the_stream_ends_without_a_reset(bounded):
    with FrameConnection(bounded.port) as connection:
        connection.send(refused(connection, 1))
        assert send_on(connection, 1, 5_000_000, 10) == 5_000_000
        connection.send(data(1, end=True), connection.headers(3))
        assert connection.status(3) == 404
        assert not any(frame.kind in (RST_STREAM, GOAWAY) for frame in connection.frames), connection.frames


def test_a_caller_that_sends_without_end_is_told_to_stop_when_its_time_is_over(bounded):
    """A little now and then, for as long as it likes: the time for a body ends it."""
    with FrameConnection(bounded.port) as connection:
        connection.send(refused(connection, 1))
        began = time.monotonic()
        found = None
        while not found and time.monotonic() - began < 10:
            connection.send(data(1, b"x" * 100))
            found = connection.wait_for(lambda frame: frame.kind == RST_STREAM, 0.2)
        assert found and (found.stream, found.code) == (1, NO_ERROR)
        assert 2 < time.monotonic() - began < 6


def test_a_caller_that_sends_more_than_any_body_may_have_is_told_to_stop(shared_plain_gateway):
    with FrameConnection(shared_plain_gateway.port) as connection:
        connection.send(refused(connection, 1))
        sent = send_on(connection, 1, 100 * 1024 * 1024, 30)
        assert 60 * 1024 * 1024 < sent < 70 * 1024 * 1024
        found = next(frame for frame in connection.frames if frame.kind == RST_STREAM)
        assert (found.stream, found.code) == (1, NO_ERROR)
        # Its frames may still be on their way then, and its neighbours go on.
        connection.send(data(1, b"the rest", end=True), connection.headers(3))
        assert connection.status(3) == 404
        assert not any(frame.kind == GOAWAY for frame in connection.frames)


@pytest.mark.parametrize(
    "headers", [{"content-length": "900000"}, {"transfer-encoding": "chunked"}], ids=lambda h: next(iter(h)))
def test_http1_ends_the_connection_when_what_nobody_wants_has_no_end(bounded, headers):
    with bounded.connect_http1() as connection:
        connection.send_bytes(connection.head("PATCH", f"{PRODUCT}?target=nobody", {"content-type": JSON, **headers}))
        assert connection.answer("PATCH").status == 404
        began = time.monotonic()
        try:
            # Few enough bytes that none of them is the last.
            while time.monotonic() - began < 15:
                connection.send_bytes(b"64\r\n" + b"x" * 100 + b"\r\n")
                time.sleep(0.05)
        except ConnectionGone:
            pass
        assert 2 < time.monotonic() - began < 9


def test_http1_takes_no_more_than_any_body_may_have(shared_plain_gateway):
    with shared_plain_gateway.connect_http1() as connection:
        connection.send_bytes(connection.head(
            "PATCH", f"{PRODUCT}?target=nobody", {"content-type": JSON, "content-length": str(10**12)}))
        assert connection.answer("PATCH").status == 413
        part, sent = b"x" * 65_536, 0
        try:
            while sent < 10**9:
                connection.send_bytes(part)
                sent += len(part)
        except ConnectionGone:
            pass
        assert sent < 10**9
