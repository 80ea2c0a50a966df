"""A vendor that cannot be reached, breaks off, talks nonsense or keeps silent: nothing of it is answered as success,
and the answer says who failed, whether anything was sent, and whether a retry is safe."""

import socket
import time

import h2.errors
import pytest

from harness.certificates import Authority
from harness.vendor import Close, GoAway, Never, Raw, Reply, Reset
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}, "meta": {}}})


def update(gateway, **options):
    return gateway.request("PATCH", UPDATE, {"name": "x"}, **options)


def check_failure(answer, status, code, outcome, retryable, origin="vendor"):
    assert answer.status == status, answer
    problem = answer.json
    assert problem["code"] == code, problem
    assert problem["outcome"] == outcome, problem
    assert problem["retryable"] is retryable, problem
    assert problem["origin"] == origin, problem
    assert problem["target"] == "acme"
    assert "error=" in answer.headers["proxy-status"]
    return problem


def test_a_vendor_that_refuses_the_connection(vendor_gateway, start_vendor):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        _, gateway = vendor_gateway(target={"baseURL": f"http://127.0.0.1:{port}"})
        problem = check_failure(update(gateway), 502, "vendor_unreachable", "not_sent", True)
    assert "refused" in problem["detail"].lower(), problem


def test_a_vendor_whose_name_does_not_exist(vendor_gateway):
    _, gateway = vendor_gateway(target={"baseURL": "http://vendor.invalid"})
    check_failure(update(gateway), 502, "vendor_unreachable", "not_sent", True)


def test_a_vendor_that_closes_before_answering(vendor_gateway):
    _, gateway = vendor_gateway(Close())
    check_failure(update(gateway), 502, "vendor_unreachable", "unknown", True)


def test_a_create_without_an_answer_is_not_safe_to_repeat(vendor_gateway):
    vendor, gateway = vendor_gateway(Close(), target={"retries": {"attempts": 3}})
    answer = gateway.request("POST", "/v1/products", {"name": "x", "kind": "digital"})
    check_failure(answer, 502, "vendor_unreachable", "unknown", False)
    assert len(vendor.requests) == 1, "the gateway repeated a creation that may have happened"


@pytest.mark.parametrize("action", [
    Close(Reply(200, b'{"data":{"id":', ends=False)),
    Close(Reply(200, b'{"data":{"id":', ends=False), hard=True),
    Close(Reply(200, b"", ends=False)),
    Reset(reply=Reply(200, b'{"data":{"id":', ends=False)),
    Reply(200, b'{"data":', length=2000),
], ids=["closes", "closes hard", "closes behind the fields", "resets", "sends less than it said"])
def test_a_vendor_that_breaks_off_its_answer(vendor_gateway, action):
    _, gateway = vendor_gateway(action)
    check_failure(update(gateway), 502, "vendor_unintelligible", "unknown", True)


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b'"ok"', b"{}", b"42", b"<html>ok</html>", b'{"data":{"id":', b"\x00\xff\xfe",
    b'{"data":null}',
    b'{"data":{"id":"another"}}', b'{"data":{"attributes":{}}}', b'{"errors":[]}',
    b'{"data":{"id":"' + ID.encode() + b'","attributes":{}}} trailing',
])
def test_a_success_that_cannot_be_understood_is_no_success(vendor_gateway, body):
    _, gateway = vendor_gateway(Reply(200, body))
    answer = update(gateway)
    check_failure(answer, 502, "vendor_unintelligible", "unknown", True)
    if len(body) > 8:
        assert body not in answer.body, "a vendor's answer that was not understood is passed on"


@pytest.mark.parametrize("status", [201, 202, 204, 206, 301, 304, 307])
def test_a_status_that_is_no_documented_success_is_no_success(vendor_gateway, status):
    body = b"" if status in (204, 304) else GOOD.body
    _, gateway = vendor_gateway(Reply(status, body))
    answer = update(gateway)
    assert answer.status >= 500, answer
    assert answer.json["outcome"] == "unknown", answer


def test_a_vendor_that_answers_garbage_instead_of_http2(vendor_gateway):
    _, gateway = vendor_gateway(Raw(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n" * 3))
    answer = update(gateway)
    assert answer.status == 502, answer
    assert answer.json["outcome"] == "unknown"


@pytest.mark.alone
def test_a_vendor_that_never_answers_times_out(vendor_gateway):
    _, gateway = vendor_gateway(Never(), target={"timeouts": {"connect": "200ms", "attempt": "300ms", "total": "1s"}})
    before = time.monotonic()
    check_failure(update(gateway), 504, "vendor_timeout", "unknown", True)
    assert time.monotonic() - before < 3


def test_a_vendor_that_never_ends_its_answer_times_out(vendor_gateway):
    _, gateway = vendor_gateway(
        Reply(200, b'{"data":', ends=False),
        target={"timeouts": {"connect": "200ms", "attempt": "300ms", "total": "1s"}})
    check_failure(update(gateway), 504, "vendor_timeout", "unknown", True)


def test_a_vendor_that_accepts_and_never_speaks_tls_times_out(vendor_gateway, authority):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        _, gateway = vendor_gateway(target={
            "baseURL": f"https://localhost:{silent.getsockname()[1]}", "tls": {"caFile": authority.path},
            "timeouts": {"connect": "300ms", "attempt": "1s", "total": "2s"}})
        answer = update(gateway)
    assert answer.status in (502, 504), answer
    assert answer.json["outcome"] == "not_sent"


def test_a_vendor_that_closes_during_the_handshake_is_not_dialled_for_ever(
    vendor_gateway, start_vendor, authority, certificate):
    vendor = start_vendor(certificate=certificate)
    vendor.closes_on_accept = True
    _, gateway = vendor_gateway(vendor=vendor, target={"tls": {"caFile": authority.path}})
    check_failure(update(gateway), 502, "vendor_unreachable", "not_sent", True)
    assert vendor.connections < 10, f"{vendor.connections} connections for one request"


def test_a_vendor_that_closes_every_connection_at_once_is_not_dialled_for_ever(vendor_gateway, start_vendor):
    vendor = start_vendor()
    vendor.closes_on_accept = True
    _, gateway = vendor_gateway(vendor=vendor)
    answer = update(gateway)
    assert answer.status == 502, answer
    assert vendor.connections < 10, f"{vendor.connections} connections for one request"


def test_an_answer_that_is_too_large_is_not_read_to_its_end(vendor_gateway):
    huge = Reply(200, b'{"data":{"id":"' + ID.encode() + b'","x":"' + b"y" * 3_000_000 + b'"}}')
    _, gateway = vendor_gateway(huge, limits={"answerBody": "64KiB"})
    check_failure(update(gateway), 502, "vendor_unintelligible", "unknown", True)
    # A large answer that is allowed arrives whole, over several windows.
    vendor, gateway = vendor_gateway(Reply(200, {"data": {
        "id": ID, "type": "product", "attributes": {"name": "x", "description": "y" * 3_000_000}}}))
    answer = update(gateway)
    assert answer.status == 200
    assert len(answer.json["product"]["description"]) == 3_000_000


def test_a_refused_stream_is_tried_again(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"retries": {"attempts": 3, "backoff": "10ms"}})
    vendor.script = [Reset(h2.errors.ErrorCodes.REFUSED_STREAM)]
    assert update(gateway).status == 200
    assert len(vendor.requests) == 2


def test_a_refused_creation_is_tried_again_because_nothing_happened(vendor_gateway):
    vendor, gateway = vendor_gateway(
        Reply(201, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}}),
        target={"retries": {"attempts": 3, "backoff": "10ms"}})
    vendor.script = [Reset(h2.errors.ErrorCodes.REFUSED_STREAM)]
    assert gateway.request("POST", "/v1/products", {"name": "x", "kind": "digital"}).status == 201
    assert len(vendor.requests) == 2


def test_a_refused_stream_that_stays_refused_is_unavailable(vendor_gateway):
    _, gateway = vendor_gateway(Reset(h2.errors.ErrorCodes.REFUSED_STREAM))
    check_failure(update(gateway), 503, "vendor_unavailable", "not_sent", True)


def test_a_request_that_a_goaway_left_out_is_tried_again(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"retries": {"attempts": 3, "backoff": "10ms"}})
    vendor.script = [GoAway(processed=False)]
    assert update(gateway).status == 200
    assert vendor.connections == 2


def test_a_request_that_a_goaway_includes_is_answered(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    vendor.script = [GoAway(processed=True, reply=GOOD)]
    assert update(gateway).status == 200
    assert update(gateway).status == 200
    assert vendor.connections == 2
    assert len(vendor.requests) == 2


def test_an_update_without_an_answer_is_repeated_where_the_target_allows_it(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"retries": {"attempts": 3, "backoff": "10ms"}})
    vendor.script = [Close(), Close()]
    assert update(gateway).status == 200
    assert len(vendor.requests) == 3


def test_a_server_that_speaks_something_else_than_http2(vendor_gateway, start_vendor, authority, certificate):
    vendor = start_vendor(certificate=certificate, protocols=("spdy/1",))
    # (Without that it would be spoken to in HTTP/1.1, as a server without ALPN.)
    _, gateway = vendor_gateway(
        vendor=vendor, target={"tls": {"caFile": authority.path}, "connections": {"versions": ["h2"]}})
    answer = update(gateway)
    assert answer.status == 502, answer
    assert answer.json["outcome"] == "not_sent"


@pytest.mark.parametrize("alternatives, days, issuer", [
    ("DNS:vendor.example", 2, "trusted"), ("DNS:localhost", 2, "unknown"), ("DNS:localhost", -1, "trusted"),
], ids=["another name", "unknown authority", "expired"])
def test_a_vendor_that_cannot_prove_who_it_is_gets_nothing(
    vendor_gateway, start_vendor, authority, tmp_path, alternatives, days, issuer
):
    issuing = authority if issuer == "trusted" else Authority(tmp_path, "unknown")
    vendor = start_vendor(
        GOOD, certificate=issuing.issue(f"wrong-{abs(days)}-{issuer}-{len(alternatives)}", alternatives, days))
    _, gateway = vendor_gateway(vendor=vendor, target={"tls": {"caFile": authority.path}})
    problem = check_failure(update(gateway), 502, "vendor_unreachable", "not_sent", False)
    assert "certificate" in problem["detail"]
    assert vendor.requests == []


def test_a_vendor_with_a_trusted_certificate_is_spoken_to_over_tls(
    vendor_gateway, start_vendor, authority, certificate):
    vendor = start_vendor(GOOD, certificate=certificate)
    _, gateway = vendor_gateway(vendor=vendor, target={"tls": {"caFile": authority.path}})
    assert update(gateway).status == 200
    assert vendor.requests[0].headers[":scheme"] == "https"


def test_connections_to_a_vendor_are_shared_and_kept(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, workers=1)
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", UPDATE, {"name": f"x{n}"}) for n in range(80)]
        assert {connection.answer(stream).status for stream in streams} == {200}
    assert update(gateway).status == 200
    assert len(vendor.requests) == 81
    assert vendor.connections == 1


def test_a_vendor_with_few_streams_gets_more_connections_and_then_a_queue(vendor_gateway, start_vendor):
    vendor = start_vendor(GOOD, streams_max=2)
    _, gateway = vendor_gateway(
        vendor=vendor, workers=1, target={"connections": {"max": 3}, "queue": {"timeout": "4s"}})
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", UPDATE, {"name": f"x{n}"}) for n in range(60)]
        assert {connection.answer(stream).status for stream in streams} == {200}
    assert vendor.connections <= 3


def test_a_full_queue_is_an_overload_and_nothing_is_sent(vendor_gateway, start_vendor):
    vendor = start_vendor(Never(), streams_max=1)
    _, gateway = vendor_gateway(
        vendor=vendor, workers=1,
        target={"connections": {"max": 1}, "queue": {"max": 2, "timeout": "300ms"},
                "timeouts": {"connect": "500ms", "attempt": "2s", "total": "3s"}})
    with gateway.connect() as connection:
        first = connection.send("PATCH", UPDATE, {"name": "first"})
        until(lambda: vendor.requests, "the first request is with the vendor")
        streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(6)]
        answers = [connection.answer(stream) for stream in streams]
        for answer in answers:
            check_failure(answer, 503, "overloaded", "not_sent", True, origin="gateway")
            assert int(answer.headers["retry-after"]) >= 1
        assert connection.answer(first).status == 504
    assert len(vendor.requests) == 1


def test_an_update_that_was_sent_is_left_to_finish_when_the_caller_goes(vendor_gateway):
    vendor, gateway = vendor_gateway(
        Never(), target={"timeouts": {"connect": "500ms", "attempt": "600ms", "total": "1s"}})
    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "left-to-finish"})
        until(lambda: vendor.requests, "the request is with the vendor")
        connection.reset(stream)
        line = gateway.exchange_line("left-to-finish")
    assert line["end"] == "caller_left"
    assert line["code"] == "vendor_timeout"


def test_one_failing_vendor_does_not_disturb_another(start_vendor, start_gateway):
    bad, good = start_vendor(Never()), start_vendor(GOOD)
    target = {"dialect": "elastic-path", "retries": {"attempts": 1},
              "timeouts": {"connect": "500ms", "attempt": "1s", "total": "2s"}}
    gateway = start_gateway({
        "bad": {**target, "baseURL": bad.url}, "good": {**target, "baseURL": good.url}}, workers=1)
    with gateway.connect() as connection:
        waiting = [connection.send("PATCH", f"{UPDATE}?target=bad", {"name": "x"}) for _ in range(20)]
        for _ in range(20):
            assert connection.request("PATCH", f"{UPDATE}?target=good", {"name": "x"}).status == 200
        assert {connection.answer(stream).status for stream in waiting} == {504}


def test_the_vendor_sees_the_request_id_and_no_field_of_the_caller(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    answer = update(gateway, headers={
        "x-request-id": "from-the-caller", "cookie": "session=1", "authorization": "Bearer callers-own",
        "x-internal": "secret"})
    assert answer.headers["x-request-id"] == "from-the-caller"
    headers = vendor.requests[0].headers
    assert headers["x-request-id"] == "from-the-caller"
    assert headers["content-type"] == "application/json"
    assert int(headers["content-length"]) == len(vendor.requests[0].body)
    assert not {"cookie", "authorization", "x-internal", "prefer"} & set(headers), headers
