"""A stream of updates: many lines through one request, with results as they come."""

import http.client
import json
import socket
import threading
import time

import pytest

from harness.http2_client import Answer
from harness.vendor import Never, Reply
from harness.waiting import until

LINES = {"content-type": "application/jsonl"}


def line(id, product=None, **members):
    return json.dumps({"id": id, "product": product or {"name": id}, **members}) + "\n"


def done(request):
    """The vendor has taken it."""
    return Reply(200, {"id": request.path.rsplit("/", 1)[1]})


def target(vendor, **members):
    return {"fynn": {
        "dialect": "catalogue", "baseURL": vendor.url,
        "retries": {"attempts": 1},
        "timeouts": {"connect": "2s", "attempt": "10s", "total": "20s"}, **members}}


def texts(answer):
    return [json.loads(text) for text in answer.text.splitlines()]


def results(answer):
    """By line, what became of it; the summary last."""
    lines = texts(answer)
    assert "summary" in lines[-1], lines[-3:]
    return {each["line"]: each for each in lines if "line" in each}, lines[-1]["summary"]


def http1(gateway, body):
    """The answer over HTTP/1.1, its chunks put together by Python's own client."""
    connection = http.client.HTTPConnection("localhost", gateway.port, timeout=20)
    connection.request("POST", "/v1/bulk?target=fynn", body.encode(), LINES)
    response = connection.getresponse()
    answer = Answer()
    answer.status = response.status
    answer.headers = {name.lower(): value for name, value in response.getheaders()}
    answer.body = response.read()
    connection.close()
    return answer


def test_a_connection_may_bring_stream_after_stream(start_vendor, start_gateway):
    """Each is over in milliseconds: that is no reset."""
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor), workers=1)
    with gateway.connect() as connection:
        for number in range(110):
            answer = connection.request("POST", "/v1/bulk?target=fynn", line(f"p{number}"), headers=LINES)
            assert results(answer)[1]["done"] == 1
    assert gateway.metric("product_gateway_downstream_sessions_ended_for_abuse_total") == 0


@pytest.mark.parametrize("version", ["HTTP/2", "HTTP/1.1"])
def test_every_line_has_a_result_and_the_summary_is_last(start_vendor, start_gateway, version):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor), workers=1)
    body = "".join(line(f"p{number}") for number in range(1000)) + "nonsense\n\n" + line("last")
    if version == "HTTP/2":
        answer = gateway.request("POST", "/v1/bulk?target=fynn", body, headers=LINES)
    else:
        answer = http1(gateway, body)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/jsonl"
    assert "content-length" not in answer.headers
    by_line, summary = results(answer)
    assert summary == {
        "lines": 1002, "done": 1001, "partial": 0, "rejected": 0, "unknown": 0, "notSent": 1, "complete": True}
    assert by_line[1] == {"line": 1, "id": "p0", "target": "fynn", "outcome": "done", "status": 200}
    assert by_line[1001]["code"] == "malformed_json"
    assert by_line[1003]["id"] == "last"
    assert len(vendor.requests) == 1001
    record = gateway.exchange_line(answer.headers["x-request-id"])
    assert record["operation"] == "bulk" and record["lines"] == 1002 and record["done"] == 1001
    assert gateway.metric("product_gateway_bulk_lines_total") == 1002
    assert gateway.metric("product_gateway_bulk_streams_open") == 0


def test_results_come_while_lines_are_being_sent(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)), workers=1)
    with gateway.connect() as connection:
        stream = connection.begin("POST", "/v1/bulk?target=fynn", LINES, b"x", end=False)
        answer = connection.answers[stream]
        connection.read_until(lambda: answer.status == 200)
        for number in range(5):
            connection.send_body(stream, line(f"p{number}").encode(), end=False)
            connection.read_until(lambda: answer.body.count(b"\n") == number + 1)
        connection.h2.end_stream(stream)
        connection.flush()
        assert results(connection.answer(stream))[1]["done"] == 5


def test_results_come_over_http1_while_lines_are_being_sent(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)), workers=1)
    with socket.create_connection(("localhost", gateway.port), timeout=20) as connection:
        connection.sendall(
            b"POST /v1/bulk?target=fynn HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n"
            b"transfer-encoding: chunked\r\n\r\n")
        received = b""

        def read(wanted):
            nonlocal received
            while received.count(b'"line":') < wanted:
                part = connection.recv(65536)
                assert part, received
                received += part

        for number in range(3):
            text = line(f"p{number}").encode()
            connection.sendall(b"%x\r\n%s\r\n" % (len(text), text))
            read(number + 1)
        connection.sendall(b"0\r\n\r\n")
        while not received.endswith(b"0\r\n\r\n"):
            received += connection.recv(65536)
        assert b"transfer-encoding: chunked" in received and b'"done":3' in received
        # The connection goes on.
        connection.sendall(b"GET /v1/targets HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_http_1_0_gets_the_results_until_the_connection_ends(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)), workers=1)
    body = line("a").encode() + line("b").encode()
    with socket.create_connection(("localhost", gateway.port), timeout=20) as connection:
        connection.sendall(
            b"POST /v1/bulk?target=fynn HTTP/1.0\r\ncontent-type: application/jsonl\r\ncontent-length: %d\r\n\r\n%s"
            % (len(body), body))
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, text = received.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head and b"connection: close" in head
    assert json.loads(text.splitlines()[-1])["summary"]["done"] == 2


def test_a_json_text_sequence_is_answered_with_one(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)), workers=1)
    body = "".join("\x1e" + json.dumps({"id": f"p{n}", "product": {"name": "x"}}, indent=1) + "\n" for n in range(3))
    answer = gateway.request(
        "POST", "/v1/bulk?target=fynn", body, headers={"content-type": "application/json-seq"})
    records = [json.loads(text) for text in answer.text.split("\x1e")[1:]]
    assert [record.get("line") for record in records] == [1, 2, 3, None]
    assert answer.headers["content-type"] == "application/json-seq"
    answer = gateway.request("POST", "/v1/bulk?target=fynn", body, headers={
        "content-type": "application/json-seq", "accept": "text/html, application/x-ndjson;q=0.5"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert results(answer)[1]["done"] == 3


@pytest.mark.parametrize("query, headers, status, code", [
    ("target=fynn", {"content-type": "application/json"}, 415, "unsupported_media_type"),
    ("target=fynn", {"content-type": "application/jsonl; charset=latin1"}, 415, "unsupported_media_type"),
    ("target=fynn", {**LINES, "content-encoding": "gzip"}, 415, "unsupported_media_type"),
    ("target=fynn", {**LINES, "accept": "text/html"}, 406, "not_acceptable"),
    ("target=nobody", LINES, 404, "unknown_target"),
    ("target=fynn&onFailure=perhaps", LINES, 400, "invalid_request"),
    ("target=fynn", {**LINES, "idempotency-key": '"'}, 400, "invalid_request"),
    ("target=fynn", {**LINES, "if-match": '"1"'}, 400, "unsupported_header"),
])
def test_what_cannot_be_a_stream_is_refused_at_once(start_vendor, start_gateway, query, headers, status, code):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor))
    answer = gateway.request("POST", f"/v1/bulk?{query}", line("a"), headers=headers)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert vendor.requests == []


def test_lines_of_one_product_go_in_their_order_and_stop_behind_a_failure(start_vendor, start_gateway):
    def answer(request):
        product = json.loads(request.body)
        return Reply(422, {"message": "no"}) if product.get("name") == "bad" else done(request)

    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor), workers=1)
    lines = [line("a", {"name": str(number)}) for number in range(20)]
    lines[10] = line("a", {"name": "bad"})
    lines += [line("b")]
    by_line, summary = results(gateway.request("POST", "/v1/bulk?target=fynn", "".join(lines), headers=LINES))
    names = [json.loads(request.body)["name"] for request in vendor.requests if request.path.endswith("/a")]
    assert names == [str(number) for number in range(10)] + ["bad"]
    assert by_line[11]["outcome"] == "rejected"
    assert [by_line[number]["code"] for number in range(12, 21)] == ["predecessor_failed"] * 9
    assert (summary["done"], summary["rejected"], summary["notSent"]) == (11, 1, 9)
    _, summary = results(gateway.request(
        "POST", "/v1/bulk?target=fynn&onFailure=continue", "".join(lines), headers=LINES))
    assert (summary["done"], summary["rejected"], summary["notSent"]) == (20, 1, 0)


def test_a_rate_limit_slows_the_stream_and_fails_no_line(start_vendor, start_gateway):
    counted = {"all": 0, "refused": 0}

    def answer(request):
        counted["all"] += 1
        if counted["all"] % 50 == 0:
            counted["refused"] += 1
            return Reply(429, {"message": "slow down"}, headers={"retry-after": "1"})
        return done(request)

    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor), workers=1)
    answer = gateway.request(
        "POST", "/v1/bulk?target=fynn", "".join(line(f"p{number}") for number in range(150)), headers=LINES)
    _, summary = results(answer)
    assert summary["done"] == 150 and summary["complete"]
    assert counted["refused"] >= 3
    assert gateway.metric("product_gateway_bulk_lines_postponed_total") >= 3


def test_a_line_may_choose_among_the_targets_of_the_stream_only(start_vendor, start_gateway):
    one, other = start_vendor(done), start_vendor(done)
    gateway = start_gateway({
        "one": {"dialect": "catalogue", "baseURL": one.url}, "other": {"dialect": "catalogue", "baseURL": other.url},
        "third": {"dialect": "catalogue", "baseURL": other.url}})
    body = line("a") + line("b", target="other") + line("c", target="third")
    answer = gateway.request("POST", "/v1/bulk?target=one,other", body, headers=LINES)
    lines = texts(answer)
    assert sorted((each["line"], each.get("target"), each["outcome"]) for each in lines if "line" in each) == [
        (1, "one", "done"), (1, "other", "done"), (2, "other", "done"), (3, None, "not_sent")] or len(lines) == 5
    assert len(one.requests) == 1 and len(other.requests) == 2
    assert lines[-1]["summary"]["lines"] == 3 and lines[-1]["summary"]["done"] == 3


def test_creates_and_updates_in_one_stream(start_vendor, start_gateway):
    def answer(request):
        return Reply(201, {"id": "new"}) if request.method == "POST" else done(request)

    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor))
    body = json.dumps({"op": "create", "product": {"name": "x"}}) + "\n" + line("a")
    by_line, summary = results(gateway.request("POST", "/v1/bulk?target=fynn", body, headers=LINES))
    assert by_line[1] == {"line": 1, "id": "new", "target": "fynn", "outcome": "done", "status": 201}, by_line
    assert by_line[2]["outcome"] == "done" and summary["done"] == 2


def test_minimal_tells_of_failures_and_progress_only(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)))
    body = "".join(line(f"p{number}") for number in range(100)) + "nonsense\n"
    answer = gateway.request(
        "POST", "/v1/bulk?target=fynn", body, headers={**LINES, "prefer": "return=minimal"})
    lines = [each for each in texts(answer) if "progress" not in each]
    assert [each.get("line") for each in lines] == [101, None]
    assert lines[-1]["summary"]["done"] == 100
    assert answer.headers["preference-applied"] == "return=minimal"


def test_a_reset_in_the_middle_stops_the_stream_and_is_logged(start_vendor, start_gateway):
    vendor = start_vendor(Never())
    gateway = start_gateway(target(vendor), workers=1)
    with gateway.connect() as connection:
        stream = connection.begin("POST", "/v1/bulk?target=fynn", LINES, b"x", end=False)
        connection.send_body(stream, "".join(line(f"p{number}") for number in range(50)).encode(), end=False)
        until(lambda: len(vendor.requests) >= 1, "a line has come to the vendor")
        connection.reset(stream)
        assert connection.request("GET", "/v1/targets").status == 200
        count = len(vendor.requests)
    vendor.stop()
    record = until(
        lambda: next((each for each in gateway.lines("exchange") if each["operation"] == "bulk"), None), "its line")
    assert record["end"] == "caller_left"
    assert record["unknown"] >= 1 and record["notSent"] >= 1
    assert len(vendor.requests) <= count + 8
    assert gateway.metric("product_gateway_bulk_streams_open") == 0


def test_a_stop_finishes_what_is_under_way_and_says_so(start_vendor, start_gateway):
    slow = threading.Event()

    def answer(request):
        slow.wait(10)
        return done(request)

    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor), workers=1)
    with gateway.connect() as connection:
        stream = connection.begin("POST", "/v1/bulk?target=fynn", LINES, b"x", end=False)
        connection.send_body(stream, "".join(line(f"p{number}") for number in range(100)).encode(), end=False)
        until(lambda: vendor.requests, "a line has come to the vendor")
        gateway.signal(15)
        time.sleep(0.2)
        slow.set()
        answer = connection.answer(stream)
    lines = texts(answer)
    assert lines[-1]["summary"]["complete"] is False
    assert lines[-2]["fatal"]["code"] == "overloaded"
    assert lines[-1]["summary"]["done"] >= 1 and lines[-1]["summary"]["unknown"] == 0
    assert gateway.wait() == 0


@pytest.mark.alone
def test_hostile_lines_are_bounded_and_neighbours_unharmed(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)), workers=1)
    gateway.request("POST", "/v1/bulk?target=fynn", line("warm"), headers=LINES)
    before = gateway.memory_bytes()
    bodies = [
        b"\n" * 3_000_000, b"{}\n" * 10_000, b"x" * 8_000_000, b"\xff\xfe\n" * 5_000, b"[" * 500_000 + b"\n",
        (json.dumps({"id": "i" * 8192, "product": {}}) + "\n").encode() * 100,
    ]
    for body in bodies:
        with gateway.connect() as connection:
            stream = connection.begin(
                "POST", "/v1/bulk?target=fynn", {**LINES, "prefer": "return=minimal"}, b"x", end=False)
            connection.send_body(stream, body)
            answer = connection.answer(stream, timeout=60)
            assert texts(answer)[-1]["summary"]["done"] == 0
            assert gateway.request("GET", "/v1/targets").status == 200
    assert gateway.memory_bytes() - before < 40 << 20


@pytest.mark.alone
def test_a_caller_that_sends_everything_before_it_reads_gets_its_results_or_one_fatal_line(
        start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(done)), workers=1)
    with gateway.connect(window=1 << 20) as connection:
        connection.reads_bodies = False
        stream = connection.begin("POST", "/v1/bulk?target=fynn", LINES, b"x", end=False)
        answer = connection.answers[stream]
        text = (json.dumps({"id": "p", "product": {"n" * 500: 1}}) + "\n").encode() * 64
        deadline = time.monotonic() + 90
        sent = 0
        while time.monotonic() < deadline and sent < 40_000:
            if not connection.send_body(stream, text, end=False):
                break
            sent += 64
            if gateway.metric("product_gateway_bulk_streams_open") == 0:
                break
        assert gateway.metric("product_gateway_bulk_streams_open") == 0, "one fatal line, and no silent stall"
        connection.reads_bodies = True
        # The windows open again, and everything that was held comes.
        connection.h2.increment_flow_control_window(1 << 30)
        connection.h2.increment_flow_control_window(1 << 30, stream)
        connection.flush()
        connection.read_until(lambda: b'"summary"' in answer.body, timeout=60)
        assert b'"fatal"' in answer.body


@pytest.mark.alone
def test_a_thousand_streams_at_once_are_bounded(start_vendor, start_gateway):
    gateway = start_gateway(target(start_vendor(Never())), workers=1, limits={"concurrentStreams": 1000})
    with gateway.connect() as connection:
        streams = [
            connection.begin("POST", "/v1/bulk?target=fynn", LINES, b"x", end=False) for _ in range(900)]
        connection.read_until(lambda: all(connection.answers[stream].status for stream in streams))
        statuses = [connection.answers[stream].status for stream in streams]
        assert statuses.count(200) == 16 and statuses.count(503) == 884
        assert gateway.request("GET", "/v1/targets").status == 200
