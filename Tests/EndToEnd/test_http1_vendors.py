"""Vendors that speak HTTP/1.1: chosen by ALPN, by its absence, or by the configuration; one exchange at a time on kept
connections; and nothing of what they do wrong is answered as success."""

import ssl
import threading
import time

import pytest

from harness.http1_vendor import HTTP1Vendor, Say, answer, chunked
from harness.waiting import until
from test_metrics import total
from test_vendor_failures import ID, UPDATE, check_failure, update

BODY = {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}, "meta": {}}}
GOOD = answer(200, BODY)


@pytest.fixture
def http1(start_gateway):
    """An HTTP/1.1 vendor and a gateway whose target `acme` speaks to it; in cleartext unless there is a certificate."""
    vendors = []

    def start(usually=GOOD, target=None, ca=None, workers=1, limits=None, **options):
        vendor = HTTP1Vendor(usually, **options)
        vendors.append(vendor)
        target = dict(target or {})
        connections = target.pop("connections", {})
        if not options.get("certificate"):
            connections = {"versions": ["http/1.1"], **connections}
        members = {"limits": limits} if limits else {}
        gateway = start_gateway(
            {"acme": {
                "dialect": "elastic-path", "baseURL": vendor.url,
                "timeouts": {"connect": "1s", "attempt": "2s", "total": "4s"}, "retries": {"attempts": 1},
                **({"tls": {"caFile": ca}} if ca else {}), "connections": connections, **target}},
            defaultTarget="acme", workers=workers, **members)
        return vendor, gateway

    yield start
    for vendor in vendors:
        vendor.stop()


RETRIES = {"retries": {"attempts": 3, "backoff": "10ms"}}


# Choosing the version


@pytest.mark.parametrize("protocols", [("http/1.1",), None], ids=["alpn", "no alpn"])
def test_a_vendor_without_http2_is_spoken_to_in_http1(http1, authority, certificate, protocols):
    vendor, gateway = http1(certificate=certificate, ca=authority.path, protocols=protocols)
    for _ in range(3):
        assert update(gateway).status == 200
    assert vendor.connections == 1


def test_a_vendor_that_must_speak_http2_and_does_not_gets_nothing(http1, authority, certificate):
    vendor, gateway = http1(
        certificate=certificate, ca=authority.path, target={"connections": {"versions": ["h2"]}})
    answered = update(gateway)
    check_failure(answered, 502, "vendor_unreachable", "not_sent", True)
    assert vendor.requests == []


def test_http1_may_be_preferred(vendor_gateway, start_vendor, authority, certificate):
    """A vendor that has both is spoken to in what the configuration allows."""
    vendor = start_vendor(certificate=certificate, protocols=("h2", "http/1.1"))
    _, gateway = vendor_gateway(
        vendor=vendor,
        target={"tls": {"caFile": authority.path}, "connections": {"versions": ["http/1.1"]},
                "timeouts": {"connect": "200ms", "attempt": "500ms", "total": "1s"}})
    # This vendor says that it speaks HTTP/1.1 and does not: what counts is that it was not spoken to in HTTP/2.
    assert update(gateway).status in (502, 504)
    assert vendor.requests == []


# Requests


def test_the_fields_are_those_of_http2_with_host(http1):
    vendor, gateway = http1()
    assert update(gateway, headers={"x-request-id": "mine", "cookie": "a=b", "te": "trailers"}).status == 200
    request = vendor.requests[0]
    assert request.method == "PUT" and request.path == f"/pcm/products/{ID}"
    assert request.headers["host"] == f"localhost:{vendor.port}"
    assert request.headers["x-request-id"] == "mine"
    assert int(request.headers["content-length"]) == len(request.body)
    assert request.json["data"]["attributes"] == {"name": "x"}
    assert not {"connection", "te", "cookie", "transfer-encoding", "upgrade", "keep-alive"} & set(request.headers)


def test_a_large_update_arrives_whole(http1):
    vendor, gateway = http1()
    product = {"name": "x", "description": "y" * 900_000}
    assert gateway.request("PATCH", UPDATE, product).status == 200
    assert vendor.requests[0].json["data"]["attributes"] == product


# Connections


def test_a_connection_is_kept_and_carries_one_exchange_at_a_time(http1):
    vendor, gateway = http1()
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", UPDATE, {"name": f"x{n}"}) for n in range(60)]
        assert {connection.answer(stream).status for stream in streams} == {200}
    assert len(vendor.requests) == 60
    assert vendor.connections <= 32
    before = vendor.connections
    for _ in range(5):
        assert update(gateway).status == 200
    assert vendor.connections == before, "an idle connection is used again"


def test_connections_are_as_many_as_configured_and_the_rest_waits(http1):
    busy, most, lock = [0], [0], threading.Lock()

    def slowly(_):
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        with lock:
            busy[0] -= 1
        return GOOD

    vendor, gateway = http1(slowly, target={"connections": {"maxHTTP1": 3}, "queue": {"timeout": "4s"}})
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", UPDATE, {"name": f"x{n}"}) for n in range(30)]
        assert {connection.answer(stream).status for stream in streams} == {200}
    assert vendor.connections == 3
    assert most[0] == 3


def test_a_full_queue_is_an_overload(http1):
    vendor, gateway = http1(
        Say(then="silent"), target={"connections": {"maxHTTP1": 1}, "queue": {"max": 1, "timeout": "200ms"}})
    with gateway.connect() as connection:
        first = connection.send("PATCH", UPDATE, {"name": "x"})
        until(lambda: vendor.requests, "the first request is with the vendor")
        streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(3)]
        for stream in streams:
            check_failure(connection.answer(stream), 503, "overloaded", "not_sent", True, origin="gateway")
        assert connection.answer(first).status == 504


def test_a_connection_is_not_used_after_connection_close(http1):
    vendor, gateway = http1(Say(answer(200, BODY, [("Connection", "close")]), "silent"))
    for _ in range(3):
        assert update(gateway).status == 200
    assert vendor.connections == 3
    assert [request.number for request in vendor.requests] == [1, 1, 1]
    until(lambda: vendor.open == 0, "the gateway has closed them")


def test_an_idle_connection_is_closed_before_the_vendor_says_that_it_will(http1):
    vendor, gateway = http1(answer(200, BODY, [("Keep-Alive", "timeout=1, max=100")]))
    assert update(gateway).status == 200
    until(lambda: vendor.open == 0, "the gateway has closed it", seconds=5)
    assert update(gateway).status == 200
    assert vendor.connections == 2


def test_a_connection_that_the_vendor_closes_while_idle_costs_nobody_an_error(http1):
    vendor, gateway = http1()
    for _ in range(5):
        assert update(gateway).status == 200
        vendor.close_all()
        until(lambda: vendor.open == 0, "the vendor has closed its connections")
        until(lambda: total(gateway, "product_gateway_upstream_connections_open") == 0, "the gateway has noticed")
    assert len(vendor.requests) == 5


def test_a_kept_connection_that_is_closed_under_an_update_is_tried_again_where_the_target_allows_it(http1):
    vendor, gateway = http1(target=RETRIES)
    vendor.script = [GOOD, Say(then="close")]
    assert update(gateway).status == 200
    assert update(gateway).status == 200
    assert [(request.connection, request.number) for request in vendor.requests] == [(1, 1), (1, 2), (2, 1)]


def test_a_kept_connection_that_is_closed_under_a_creation_leaves_its_outcome_unknown(http1):
    vendor, gateway = http1(target=RETRIES)
    vendor.script = [GOOD, Say(then="close")]
    assert update(gateway).status == 200
    answered = gateway.request("POST", "/v1/products", {"name": "x", "kind": "digital"})
    check_failure(answered, 502, "vendor_unreachable", "unknown", False)
    assert len(vendor.requests) == 2, "the gateway repeated a creation that may have happened"


# Answers


@pytest.mark.parametrize("data", [
    GOOD, chunked(BODY), chunked(BODY, trailers="X-Checksum: 1\r\n"),
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + GOOD,
], ids=["length", "chunked", "trailers", "interim"])
def test_every_proper_answer_is_understood_and_the_connection_kept(http1, data):
    vendor, gateway = http1(data)
    for _ in range(3):
        assert update(gateway).status == 200
    assert vendor.connections == 1


@pytest.mark.parametrize("is_tls", [False, True], ids=["tcp", "tls"])
def test_an_answer_may_end_with_the_connection(http1, authority, certificate, is_tls):
    options = {"certificate": certificate, "ca": authority.path} if is_tls else {}
    vendor, gateway = http1(Say(answer(200, BODY, length=False), "close"), **options)
    for _ in range(2):
        assert update(gateway).status == 200
    assert vendor.connections == 2


def test_over_tls_an_answer_without_a_length_must_be_closed_properly(http1, authority, certificate):
    _, gateway = http1(
        Say(answer(200, BODY, length=False), "rudely"), certificate=certificate, ca=authority.path)
    check_failure(update(gateway), 502, "vendor_unintelligible", "unknown", True)


@pytest.mark.parametrize("action", [
    Say(answer(200, BODY)[:-5], "close"), Say(answer(200, BODY)[:-5], "reset"), Say(chunked(BODY)[:-5], "close"),
    Say(answer(200, BODY).replace(b"Content-Length: ", b"Content-Length: 9"), "close"),
], ids=["closes", "resets", "ends without the last chunk", "sends less than it said"])
def test_an_answer_that_breaks_off_is_no_answer(http1, action):
    _, gateway = http1(action)
    check_failure(update(gateway), 502, "vendor_unintelligible", "unknown", True)


@pytest.mark.parametrize("data", [
    b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00" * 18,
    GOOD.replace(b"Content-Length", b"Transfer-Encoding: chunked\r\nContent-Length"),
    GOOD.replace(b"Content-Length", b"Content-Length: 1\r\nContent-Length"),
    GOOD.replace(b"Content-Length:", b"Transfer-Encoding: gzip, chunked\r\nX:"),
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50,
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 3000 + b"\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    GOOD.replace(b"Content-Length", b"X: y\r\n z\r\nContent-Length"),
    GOOD.replace(b"Content-Length", b"X: y\0z\r\nContent-Length"),
    GOOD.replace(b"Content-Length", b"X: y\rz\r\nContent-Length"),
    GOOD.replace(b"Content-Length", b"X : y\r\nContent-Length"),
    GOOD.replace(b"Content-Length", b"X(: y\r\nContent-Length"), GOOD.replace(b"\r\n", b"\n"),
    GOOD.replace(b"Content-Length: ", b"Content-Length: +"), GOOD.replace(b"Content-Length: ", b"Content-Length: -"),
    GOOD.replace(b"Content-Length: ", b"Content-Length: 1, "), GOOD.replace(b"Content-Length: ", b"Content-Length: 0x"),
    GOOD.replace(b"HTTP/1.1", b"HTTP/2.0"), GOOD.replace(b"200", b"abc"), GOOD.replace(b"200", b"2000"),
    chunked(BODY).replace(b"\r\n\r\n", b"\r\n\r\n+", 1), chunked(BODY).replace(b"\r\n\r\n", b"\r\n\r\n0x", 1),
    chunked(BODY).replace(b"\r\n\r\n", b"\r\n\r\n10000000000000000", 1), chunked(BODY).replace(b"\r\n0\r\n", b"0\r\n"),
], ids=["ssh", "http2", "both framings", "two lengths", "unknown coding", "switching", "interim flood", "many fields",
        "large field", "folded", "NUL", "CR", "space before the colon", "bracket in a name", "LF alone", "plus",
        "minus",
        "list of lengths", "hex length", "HTTP/2.0", "status in letters", "status of four digits", "chunk with a plus",
        "chunk in C", "chunk beyond 2^64", "chunk without an end"])
def test_what_is_no_proper_answer_is_none(http1, data):
    vendor, gateway = http1(Say(data, "silent"))
    answered = update(gateway)
    assert answered.status == 502, answered
    assert answered.json["outcome"] == "unknown"
    if b"Early Hints" not in data:
        assert answered.json["code"] == "vendor_unintelligible", answered
    vendor.usually = GOOD
    assert update(gateway).status == 200, "the next request goes over a new connection"
    assert vendor.connections == 2


@pytest.mark.parametrize("extra", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 O", b"x"], ids=["answer", "part", "byte"])
def test_what_stands_behind_an_answer_is_nobodys(http1, extra):
    """Response smuggling: an answer slipped in behind another must not become the next caller's."""
    vendor, gateway = http1(GOOD)
    vendor.script = [Say(GOOD + extra, "silent")]
    for _ in range(3):
        answered = update(gateway)
        assert answered.status == 200
        assert answered.json["id"] == ID
    assert [request.number for request in vendor.requests] == [1, 1, 2]


def test_what_the_vendor_says_unasked_is_nobodys(http1):
    vendor, gateway = http1()
    vendor.greeting = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    answered = update(gateway)
    # Too early to be an answer; whether the request was on its way by then is a matter of luck.
    assert answered.status in (200, 502), answered
    if answered.status == 200:
        assert answered.json["id"] == ID


def test_an_answer_that_comes_before_the_body_was_read_counts(http1):
    vendor, gateway = http1(
        answer(413, {}), early=True, limits={"requestBody": "16MiB", "connectionBuffer": "64MiB"},
        # Translating some megabytes takes a debug build its time.
        target={"timeouts": {"connect": "20s", "attempt": "20s", "total": "25s"}})
    for connections in (1, 2):
        answered = gateway.request("PATCH", UPDATE, {"name": "x", "description": "y" * 6_000_000})
        assert answered.status >= 400 and answered.json["vendor"]["status"] == 413, answered
        assert vendor.connections == connections, "the rest of the body would be read as the next request"


def test_an_answer_that_is_too_large_is_not_read_to_its_end(http1):
    _, gateway = http1(answer(200, b'{"x":"' + b"y" * 3_000_000 + b'"}'), limits={"answerBody": "64KiB"})
    check_failure(update(gateway), 502, "vendor_unintelligible", "unknown", True)


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", answer(200, BODY)[:-5]],
                         ids=["nothing", "half a head", "half a body"])
def test_a_vendor_that_falls_silent_times_out(http1, data):
    vendor, gateway = http1(
        Say(data, "silent"), target={"timeouts": {"connect": "200ms", "attempt": "300ms", "total": "1s"}})
    check_failure(update(gateway), 504, "vendor_timeout", "unknown", True)
    until(lambda: vendor.open == 0, "the gateway has given the connection up")
    vendor.usually = GOOD
    assert update(gateway).status == 200


def test_an_update_that_was_sent_is_left_to_finish_when_the_caller_goes(http1):
    waiting = threading.Event()

    def later(_):
        waiting.wait(5)
        return GOOD

    vendor, gateway = http1(later)
    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "left-to-finish"})
        until(lambda: vendor.requests, "the request is with the vendor")
        connection.reset(stream)
        gateway.request("GET", "/v1/targets")
        waiting.set()
        line = gateway.exchange_line("left-to-finish")
    assert line["end"] == "caller_left"
    assert line["vendorStatus"] == 200, line


# TLS


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_a_session_is_resumed_by_the_next_connection(http1, authority, certificate, version):
    vendor, gateway = http1(
        Say(answer(200, BODY, [("Connection", "close")]), "close"), certificate=certificate, ca=authority.path,
        maximum_version=version)
    for _ in range(4):
        assert update(gateway).status == 200
    assert vendor.connections == 4
    assert vendor.resumed == 3
    assert total(gateway, "product_gateway_upstream_tls_resumptions_total") == 3
